"""What a handler, a composer or a job is given: the transaction, the moment, who and in which language."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.command_words import SLASHED, WaysToWrite, WrittenAs, slashed
from bot.events import Event, Reply
from bot.messages import Message
from bot.settings import OrganisationSettings
from bot.texts import Voice, language_of
from storage.database import Session
from storage.tables import FanOut, Member, Outbox, Workspace


@dataclass(frozen=True, slots=True)
class Context:
    """One transaction's surroundings. `say` speaks the person's language, or the organisation's."""

    session: Session
    now: datetime
    workspace: Workspace
    settings: OrganisationSettings
    say: Voice

    @property
    def workspace_id(self) -> int:
        """The workspace's row id, for every query's first argument."""
        return known(self.workspace.id)


@dataclass(frozen=True, slots=True)
class PersonContext(Context):
    """Surroundings of something that one known member did, or that is said to one member."""

    member: Member

    @property
    def member_id(self) -> int:
        """The member's row id."""
        return known(self.member.id)


@dataclass(frozen=True, slots=True)
class Found:
    """What a long look came to: the reply, and what is to be written before anybody sees it."""

    reply: Reply
    write: Callable[[PersonContext], Awaitable[None]]


LongLook = Callable[[PersonContext], Awaitable[Found]]
"""Looks at a great many rows to answer. It may not write, and holds nobody up who does."""

Handler = Callable[[PersonContext, Event], Awaitable[Reply | LongLook]]
"""Answers one event, inside its transaction; or, when that has been committed, by a long look."""

Compose = Callable[[Context, Outbox], Awaitable[Message | None]]
"""Makes the message of one outbox row when its turn comes; None when it is no longer true or wanted.

The context is a PersonContext when the row goes to one member.
"""

Settled = Callable[[Session, Outbox], Awaitable[None]]
"""Told, in the transaction that records it, what became of an outbox row (`row.state`, `row.reason`)."""


SettledTogether = Callable[[Session, Sequence[Outbox]], Awaitable[None]]
"""The same of several rows at once, where there may be thousands: what follows is written with few statements."""

Ended = Callable[[Session, FanOut], Awaitable[None]]
"""Told, in the transaction that records it, that a fan-out has ended: all of it is in the outbox, or it was given up
(`fan_out.reason`). `fan_out.done_at` is when."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message that can stand in the outbox: how it is made, and who wants to know what became of it."""

    compose: Compose
    settled: Settled | None = None
    ended: Ended | None = None
    settled_together: SettledTogether | None = None


Handlers = Mapping[str, Handler]
SpokenByName = Mapping[str, Spoken]


def known(row_id: int | None) -> int:
    """Return the id of a row that has been stored.

    Raises ValueError for one that has not.
    """
    if row_id is None:
        raise ValueError("the row has not been stored yet")
    return row_id


def context_for(
    session: Session,
    now: datetime,
    workspace: Workspace,
    ways: WaysToWrite = SLASHED,
    settings: OrganisationSettings | None = None,
) -> Context:
    """Return surroundings that speak the organisation's language, and write commands as its platform does.

    `settings` are the organisation's own, where they are read already.
    """
    settings = settings or OrganisationSettings.model_validate(workspace.settings)
    voice = _voice(settings.language, settings.zone, ways.get(workspace.platform, slashed))
    return Context(session, now, workspace, settings, voice)


def person_context_for(
    session: Session,
    now: datetime,
    workspace: Workspace,
    member: Member,
    ways: WaysToWrite = SLASHED,
    settings: OrganisationSettings | None = None,
) -> PersonContext:
    """Return surroundings that speak the member's language, tell times in their zone, and write commands as they do."""
    settings = settings or OrganisationSettings.model_validate(workspace.settings)
    language, zone = language_of(member.locale, settings.language), member.zone or settings.zone
    voice = _voice(language, zone, ways.get(workspace.platform, slashed))
    return PersonContext(session, now, workspace, settings, voice, member)


@lru_cache(maxsize=256)
def _voice(language: str, zone: str, written_as: WrittenAs) -> Voice:
    """Return a voice; making one anew takes as long as a statement of the database."""
    return Voice(language, zone, written_as)
