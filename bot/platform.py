"""What a chat platform offers the sender, and how it tells what went wrong: the port each adapter implements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable

from bot.messages import Message
from bot.texts import Text, Voice, text
from storage.tables import OutboxState


@dataclass(frozen=True, slots=True)
class To:
    """Where a message goes: to one person directly, or to a channel, there perhaps under a thread's first post.

    `member` and `channel` are the platform's own ids, exactly one is set; `thread` is the reference that posting
    the thread's first post gave. With `others` it goes to the conversation that the member and they have with the bot;
    a platform that lets no bot open one raises NotSent. `under` is the platform's own name of a
    thread's first post that is not ours. `voice` speaks the reader's language, where whoever addressed it knows it
    already; else the gateway finds it out. `way` is what the gateway itself has found out already (`Addressing`).
    """

    member: str | None = None
    others: tuple[str, ...] = ()
    channel: str | None = None
    thread: Mapping[str, Any] | None = None
    under: str | None = None
    voice: Voice | None = field(default=None, compare=False, repr=False)
    way: Any = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as it now stands: `reference` is plain JSON that edits it months later.

    `place` and `key` are the conversation and the message as events will name them; `link` leads people there.
    """

    reference: Mapping[str, Any]
    place: str
    key: str
    link: str | None = None


class RateLimited(Exception):
    """The platform asks us to wait; nothing was sent."""

    def __init__(self, wait: timedelta, *, conversation_only: bool = False) -> None:
        """Keep how long the platform wants to be left alone: in this conversation only, or in the whole workspace."""
        super().__init__(f"wait {wait.total_seconds():g} s")
        self.wait = wait
        self.conversation_only = conversation_only


class TryAgain(Exception):
    """Nothing was sent, for a reason that may pass (the platform's own failure, a connection refused)."""


class MaybeSent(Exception):
    """The answer never came: the message may stand or may not."""


class NotSent(Exception):
    """The platform refused for good.

    `outcome` is FAILED, BLOCKED or UNREACHABLE; `reason` a sentence for the author.
    """

    def __init__(self, outcome: OutboxState, reason: Text) -> None:
        """Keep what it means for the author's picture, and why."""
        super().__init__(reason.msgid)
        self.outcome = outcome
        self.reason = reason


# Why a message cannot be changed that somebody has deleted by hand: there is no use in trying again, ever.
NOT_STANDING = text("The message does not stand there any more.")


class Gateway(Protocol):
    """One platform, as the sender sees it. Each call takes at most `timeout`, or raises MaybeSent.

    Raises RateLimited, TryAgain, MaybeSent or NotSent.
    """

    # The platform's name in storage (`Platform`).
    platform: str
    timeout: timedelta
    # Messages a second that a workspace takes, and how many at once after a rest.
    rate: float
    burst: int
    # Whether `find` knows what was posted. Where it never does, what a process held when it died is in doubt for good.
    can_tell: bool

    async def post(self, workspace: str, to: To, message: Message, delivery_id: str) -> Sent:
        """Post a message. `delivery_id` is kept with it where the platform can, so that `find` finds it."""
        ...

    async def edit(self, workspace: str, reference: Mapping[str, Any], message: Message) -> None:
        """Change a message of ours where it stands."""
        ...

    async def find(self, workspace: str, to: To, delivery_id: str) -> Sent | None:
        """Return the message that was posted with this delivery id, None when it was not.

        Raises MaybeSent where the platform cannot tell.
        """
        ...


@runtime_checkable
class Spaced(Protocol):
    """A gateway whose platform limits each conversation too, and not the workspace alone."""

    # What is to lie between two messages of one conversation.
    spacing: timedelta


@runtime_checkable
class Addressing(Protocol):
    """A gateway that looks up how it reaches somebody, and does so for many at once."""

    async def addressed(self, workspace: str, to: Sequence[To]) -> Sequence[To]:
        """Return the same, each with its `way`; one that cannot be found stays as it is, and `post` says why."""
        ...


def spacing_of(gateway: Gateway) -> timedelta:
    """Return what is to lie between two messages of one conversation: nothing, unless the gateway says so."""
    return gateway.spacing if isinstance(gateway, Spaced) else timedelta()
