"""The cards of participation, nudges and coaching in the groups in which tools/card_pictures.py draws them.

Messages come from the examples of docs/texts.md; what needs people (one's own page, a setting's effect) is asked of
the program itself, in a temporary organisation.
"""

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import update

from bot import __version__
from bot.events import Event, Place
from bot.forms import Form
from bot.messages import Message
from bot.organisation.settings import CHANGE
from bot.texts import Voice
from bot.wiring import rooms, wire
from nudges import own
from storage.counting import note_sign
from storage.database import Database
from storage.migrate import migrate
from storage.tables import Kind, Member, Participation, Workspace
from tests.conftest import StillClock
from tests.support import KEY, organisation
from tools import showcase

# What somebody did lately: how many days ago, what, how often.
TOOK_PART = (
    (1, Kind.MESSAGE, 4),
    (2, Kind.REACTION, 3),
    (6, Kind.MESSAGE, 2),
    (8, Kind.THREAD_REPLY, 5),
    (13, Kind.MESSAGE, 3),
    (15, Kind.READ, 2),
    (20, Kind.REACTION, 1),
)
Card = Message | Form
NOON = datetime(2027, 3, 24, 11, 0, tzinfo=UTC)
# The talk's ends other than these are told by a sentence in the place of the times; docs/texts.md has them all.
OF_COACHING = (
    "The invitation, the ladder's second step",
    "Where the organisation has turned the third step on",
    "Nobody is free",
    "In the conversation with both",
    "The member's card",
    "The coach's card",
    "The coach's card when the member has chosen a time",
    "The member's card when it is agreed on",
    "The coach's card when it is agreed on",
    "The member's card when no time is left",
    "The agreed time",
    "Afterwards, to each in private",
)


@dataclass(frozen=True, slots=True)
class Shown:
    """One card, in one language, with what it is an example of."""

    title: str
    card: Card


@dataclass(frozen=True, slots=True)
class Group:
    """Cards that are drawn on one sheet."""

    name: str
    cards: tuple[Shown, ...]


async def groups(say: Voice) -> list[Group]:
    """Return every group in a language, English or Swedish."""
    page, settings = await _asked_of_the_program(say)
    return [
        Group("welcome", tuple(_said(say, [*showcase.notices(), *showcase.welcomes()]))),
        Group("tips", tuple(_said(say, [*showcase.tips(), *showcase.answers()]))),
        Group("news", tuple(_said(say, [*showcase.reminders(), *showcase.digests()]))),
        Group("coaching", tuple(_said(say, [one for one in showcase.coaching() if one.title in OF_COACHING]))),
        Group("leads", tuple(_said(say, [*showcase.leading(), *showcase.inviting()]))),
        Group("steering", (*_said(say, _few_overviews()), *_said(say, showcase.comparing()))),
        Group("own", (page,)),
        Group("settings", (settings,)),
    ]


def _few_overviews() -> Iterator[showcase.Shown]:
    for shown in showcase.overviews():
        if "more names" not in shown.title:
            yield shown


def _said(say: Voice, examples: Iterable[showcase.Shown]) -> Iterator[Shown]:
    for shown in examples:
        yield Shown(shown.title, shown.said(say))


async def _asked_of_the_program(say: Voice) -> list[Shown]:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "pictures.db"
        migrate(path, __version__)
        database = Database(f"sqlite+aiosqlite:///{path}")
        try:
            return await _own_and_settings(database, say)
        finally:
            await database.close()


async def _own_and_settings(database: Database, say: Voice) -> list[Shown]:
    clock = StillClock(NOON)
    made = await organisation(database, clock)
    async with database.begin() as session:
        await session.execute(update(Member).values(locale=say.language))
        await session.execute(
            update(Workspace).values(settings={"announcement_channel": "allmant", "language": say.language})
        )
        for weeks in range(4):
            await note_sign(session, made.workspace_id, made.members["bo"], (NOON - timedelta(weeks=weeks)).date())
        session.add_all(
            Participation(
                workspace_id=made.workspace_id,
                member_id=made.members["bo"],
                day=(NOON - timedelta(days=days)).date(),
                kind=kind,
                count=count,
            )
            for days, kind, count in TOOK_PART
        )
        await note_sign(session, made.workspace_id, made.members["eva"], (NOON - timedelta(days=16)).date())
    take = wire(database, clock, [], rooms()).core.take
    page = await take(Event(own.SHOW, KEY, "bo", "1", NOON, Place()))
    asked = await take(Event(CHANGE, KEY, "greta", "2", NOON, Place()))
    if page.whisper is None or asked.form is None:
        raise ValueError("the program shows one's own page and the settings")
    values = {**asked.form.values(), "quiet_no_sign_working_days": "10"}
    sent = Event(asked.form.action, KEY, "greta", "3", NOON, Place(), target=asked.form.target, values=values)
    effect = await take(sent)
    if effect.form is None:
        raise ValueError("a setting that decides who is quiet is shown with its effect")
    return [
        Shown("One's own page", page.whisper),
        Shown("Settings, with their effect before they are kept", effect.form),
    ]
