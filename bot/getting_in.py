"""Getting into the web pages: `/insights` and *My page* send a link by direct message that works once.

The link is bound to the person who asked. Opening it uses nothing up, since link scanners open links before people do;
the button on the page that it leads to does, and begins a session of that browser.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Final

from bot.clock import Clock, WallClock
from bot.context import Context, Handlers, PersonContext, Spoken, SpokenByName, known
from bot.errors import Refused
from bot.events import Event, Reply, whisper
from bot.insights.handing import charts_button
from bot.jobs import Jobs
from bot.messages import Buttons, Heading, Link, Message, Tone, Words
from bot.taking_part import as_command
from bot.texts import Text, text
from storage.database import Session
from storage.getting_in import add_link, forget_secret, get_link, sweep_ways_in
from storage.outbox import Urgency, say_to_member
from storage.tables import Outbox, OutboxState, PageGoal

INSIGHTS: Final = "insights"
MY_PAGE: Final = "pages.me"
LINK: Final = "pages.link"
# Below the address at which Samlas is reached.
ENTER: Final = "/insights/enter/"

LINK_LIVES: Final = timedelta(minutes=10)
# A session ends when nobody was seen in it for so long, and at the latest after that.
IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)

_SECRET_BYTES: Final = 32
_LABELS: Final[dict[PageGoal, Text]] = {
    PageGoal.INSIGHTS: text("Open insights"),
    PageGoal.ME: text("Open my page"),
}


def _nowhere() -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class Door:
    """Where the pages are reached, without a slash at its end (None: nowhere), and the machine's own time.

    Links and sessions live by machine time: the local chat's clock, when it is moved, neither opens nor closes them.
    """

    address: Callable[[], str | None] = _nowhere
    machine: Clock = field(default_factory=WallClock)


# The chat command, with a line of help.
COMMANDS: Final[dict[str, Text]] = {
    INSIGHTS: text("How people take part, in charts; and your own page"),
}


def handlers(door: Door) -> Handlers:
    """Return what this module answers, by action name."""
    return {
        INSIGHTS: as_command(partial(ask, door, PageGoal.INSIGHTS)),
        MY_PAGE: partial(ask, door, PageGoal.ME),
    }


def spoken(door: Door) -> SpokenByName:
    """Return this module's outgoing messages by name."""
    return {LINK: Spoken(partial(compose_link, door), link_settled)}


def jobs(door: Door) -> Jobs:
    """Return what is done because it is time."""
    return {"pages.sweep": partial(sweep, door)}


async def ask(door: Door, goal: PageGoal, ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - a handler's form
    """Send the person who asks, and nobody else, a link by direct message."""
    if door.address() is None:
        raise Refused(text("The web pages are not set up here. Whoever runs Samlas can do that with SAMLAS_BASE_URL."))
    secret = new_secret()
    link = await add_link(
        ctx.session,
        ctx.workspace_id,
        ctx.member_id,
        goal,
        secret=secret,
        digest=digest_of(secret),
        expires_at=door.machine.now() + LINK_LIVES,
    )
    await say_to_member(
        ctx.session, ctx.workspace_id, ctx.member_id, LINK, known(link.id), now=ctx.now, urgency=Urgency.ANSWER
    )
    sent = ctx.say("I have sent you a link in our own conversation. It is for you alone.")
    if goal is PageGoal.INSIGHTS:
        return Reply(whisper=Message(sent, (Words(sent), Buttons((charts_button(ctx.say),)))))
    return whisper(sent)


async def compose_link(door: Door, ctx: Context, row: Outbox) -> Message | None:
    """Say the link; None when it has expired on its way, or a later one has taken its place."""
    link = await get_link(ctx.session, ctx.workspace_id, row.subject_id)
    address = door.address()
    if address is None or link is None or link.secret is None or link.expires_at <= door.machine.now():
        return None
    say = ctx.say
    label = say.say(_LABELS[PageGoal(link.goal)])
    return Message(
        label,
        (
            Heading(say("Your way in")),
            Words(
                say(
                    "This link is for you alone and works once, within {count} minutes.",
                    count=LINK_LIVES // timedelta(minutes=1),
                )
            ),
            Link(label, f"{address}{ENTER}{link.secret}"),
            Words(say("Please do not pass it on: whoever uses it sees what you see."), Tone.QUIET),
        ),
    )


async def link_settled(session: Session, row: Outbox) -> None:
    """Keep no more of the link than its hash, once it is out, or never will be."""
    if row.state not in (OutboxState.QUEUED, OutboxState.SENDING):
        await forget_secret(session, row.workspace_id, row.subject_id)


async def sweep(door: Door, ctx: Context) -> None:
    """Forget the links and sessions that nobody can use any more."""
    now = door.machine.now()
    await sweep_ways_in(ctx.session, ctx.workspace_id, before=now - LONGEST, seen_since=now - LONGEST)


def new_secret() -> str:
    """Return a random secret that nobody guesses, fit for an address and a cookie."""
    return secrets.token_urlsafe(_SECRET_BYTES)


def digest_of(secret: str) -> str:
    """Return the hash by which a secret is kept. It is random and long, so that no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(secret: str) -> str:
    """Return what every form of a session carries, so that no other page can send it; made from its cookie."""
    return hmac.new(secret.encode(), b"samlas form", hashlib.sha256).hexdigest()
