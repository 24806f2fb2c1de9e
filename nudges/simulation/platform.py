"""The chat platform of a simulated organisation: it takes what is sent, keeps a record of it, and is down at times."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.announcements.posts import READ
from bot.clock import Clock
from bot.messages import Message, Words, buttons_of
from bot.platform import Sent, To, TryAgain
from bot.texts import LANGUAGES, Voice
from nudges.coaching.cards import Invited, invitation
from nudges.leading.cards import coach_offer
from nudges.messages import CONFIRM, HELPED, NOT_NOW, READING_ALONG, STOP, UNCOUNT, digest, pointed_to, why
from nudges.messages import Said as Contact
from nudges.quiet import Reason
from nudges.welcome import Nth, Tell
from nudges.welcome_words import last_welcome, welcome
from storage.tables import Platform


class ProcessGone(BaseException):
    """The process that sends is gone at this point, and nobody in it catches this."""


class Sort(StrEnum):
    """What a message is, as its reader can tell: by its buttons and its words.

    *coach offer*: their lead thought that they might like to talk with somebody. *other*: an answer, a work card, a
    post.
    """

    NOTICE = "notice"
    ANNOUNCEMENT = "announcement"
    TIP = "tip"
    INVITATION = "invitation"
    COACH_OFFER = "coach offer"
    WELCOME = "welcome"
    REMINDER = "reminder"
    DIGEST = "digest"
    COACHING = "coaching"
    LEAD_CARD = "lead card"
    OTHER = "other"


# The steps of the ladder: to whom has gone quiet.
STEPS = frozenset({Sort.TIP, Sort.INVITATION})
_BY_BUTTON = {
    UNCOUNT: Sort.NOTICE,
    READ: Sort.ANNOUNCEMENT,
    READING_ALONG: Sort.TIP,
    CONFIRM: Sort.REMINDER,
}
# How the buttons of whole rooms begin.
_BY_ROOM = {"coaching": Sort.COACHING, "leading": Sort.LEAD_CARD}
# Below each unasked-for message.
CONTACT_BUTTONS = frozenset({HELPED, NOT_NOW, STOP})


@dataclass(frozen=True, slots=True)
class Said:
    """One message that reached one person, and when.

    `sorts`: all that it is; a contact may be several. `is_contact`: it is paid from the budget. `titles`: of what a
    reminder reminds. `words` are kept of lead cards alone, since these name people.
    """

    at: datetime
    to: str
    sorts: frozenset[Sort]
    is_contact: bool
    actions: frozenset[str]
    titles: frozenset[str] = frozenset()
    words: str = ""


@dataclass(slots=True)
class Stands:
    """A message as it stands on the platform."""

    to: To
    message: Message
    delivery_id: str


@dataclass(slots=True)
class SimulatedPlatform:
    """Implements bot.platform.Gateway, and survives the processes that talk to it.

    `heard` is told of each message that newly stands, and by which key; `changed` of each that was edited.
    """

    clock: Clock
    heard: Callable[[str, Stands], None]
    changed: Callable[[str, Stands], None]
    down: Sequence[tuple[datetime, datetime]] = ()
    platform: str = Platform.LOCAL.value
    timeout: timedelta = timedelta(seconds=5)
    rate: float = 1_000_000.0
    burst: int = 1_000_000
    can_tell: bool = True
    record: list[Said] = field(default_factory=list)
    standing: dict[str, Stands] = field(default_factory=dict)
    by_delivery: dict[str, str] = field(default_factory=dict)
    # After so many more posts the process that posts is gone, before it hears the answer.
    dies_after: int | None = None

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:  # noqa: ARG002 - Gateway's form
        """Take a message."""
        now = self.clock.now()
        if any(begins <= now < ends for begins, ends in self.down):
            raise TryAgain
        key = f"m{len(self.by_delivery) + 1}"
        stands = Stands(to, message, delivery_id)
        self.standing[key] = stands
        self.by_delivery[delivery_id] = key
        if to.member is not None:
            self.record += [said_to(person, now, message) for person in (to.member, *to.others)]
        self.heard(key, stands)
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after < 0:
                self.dies_after = None
                raise ProcessGone
        return self._sent(key, to)

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:  # noqa: ARG002 - as above
        """Change what stands."""
        if any(begins <= self.clock.now() < ends for begins, ends in self.down):
            raise TryAgain
        stands = self.standing.get(reference["key"])
        if stands is not None:
            stands.message = message
            self.changed(reference["key"], stands)

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:  # noqa: ARG002 - as above
        """Find a message by its delivery id."""
        key = self.by_delivery.get(delivery_id)
        return None if key is None else self._sent(key, to)

    def forget(self, key: str) -> None:
        """Keep no more of a message than that it stands: nobody will press anything in it."""
        self.standing.pop(key, None)

    def _sent(self, key: str, to: To) -> Sent:
        place = to.channel or f"direct:{to.member}"
        return Sent({"key": key, "place": place}, place, key, f"https://chat.example/{key}")


def said_to(person: str, at: datetime, message: Message) -> Said:
    """Return what a message is to somebody who gets it now."""
    actions = frozenset(button.action for button in buttons_of(message.parts))
    words = [part.text for part in message.parts if isinstance(part, Words)]
    is_contact = bool(actions & {HELPED, STOP})
    sorts = {_BY_BUTTON[action] for action in actions if action in _BY_BUTTON}
    if is_contact:
        said = {_NAME.sub(_SOMEBODY, one) for one in words}
        sorts |= {sort for sort, telling in _BY_WORDS.items() if telling & said}
    if not sorts:
        sorts = {_BY_ROOM[room] for action in actions if (room := action.split(".", 1)[0]) in _BY_ROOM}
    titles = frozenset(_TITLE.findall("\n".join(words))) if Sort.REMINDER in sorts else frozenset()
    names = repr(message.parts) if Sort.LEAD_CARD in sorts else ""
    return Said(at, person, frozenset(sorts or {Sort.OTHER}), is_contact, actions, titles, names)


def _words_of(*tells: Callable[[Voice], Contact]) -> frozenset[str]:
    """Return the words of some contacts, in both languages, without those that several kinds share."""
    return frozenset(
        part.text
        for language in LANGUAGES
        for tell in tells
        for part in tell(Voice(language)).parts
        if isinstance(part, Words) and part.text not in _shared(Voice(language))
    )


def _shared(say: Voice) -> set[str]:
    """Return the words that several kinds of contacts have: why one is quiet, and what is pointed to."""
    return {
        *(why(reason, say) for reason in Reason),
        *(part.text for part in pointed_to(None, say) if isinstance(part, Words)),
    }


# Simulated people's names.
_NAME = re.compile(r"\bPerson\d{5} Example\b")
_SOMEBODY = "Somebody"
# These share their buttons with others, or have none.
_BY_WORDS = {
    Sort.DIGEST: _words_of(lambda say: digest((), 0, say)),
    Sort.INVITATION: _words_of(lambda say: invitation(0, Reason.NO_SIGN, Invited(), say)),
    Sort.COACH_OFFER: _words_of(lambda say: coach_offer(0, _SOMEBODY, say, has_asked=False, lead_not_involved=False)),
    Sort.WELCOME: _words_of(
        lambda say: welcome(Nth.FIRST, set(Tell) - {Tell.LIKE}, 0, None, say),
        lambda say: welcome(Nth.SECOND, set(Tell) - {Tell.LIKE, Tell.PLACE}, 0, None, say),
        lambda say: welcome(Nth.SECOND, (), 0, None, say),
        # It has a tip's button and its place on the ladder too.
        lambda say: last_welcome(0, None, say),
    ),
}
_TITLE = re.compile("“(.+?)”")
