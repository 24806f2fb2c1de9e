"""What Teams' answers mean for a message of ours: the table of its errors. Pure.

Source: "Send and receive messages / Status codes from bot conversational APIs", learn.microsoft.com.
"""

from datetime import timedelta
from enum import Enum
from http import HTTPStatus
from typing import Final

from adapters.teams.connector import NoAnswer, NotReached, Refused
from bot.platform import NOT_STANDING, MaybeSent, NotSent, RateLimited, TryAgain
from bot.texts import text
from storage.tables import OutboxState

# Something broke on the way: it may be done or not.
UNCERTAIN: Final = frozenset(
    {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.BAD_GATEWAY, HTTPStatus.GATEWAY_TIMEOUT},
)
# Nothing was done, and the same may work a little later.
PASSING: Final = frozenset(
    {
        HTTPStatus.PRECONDITION_FAILED,
        HTTPStatus.SERVICE_UNAVAILABLE,
        # Our token was not taken; by the next try there is a new one.
        HTTPStatus.UNAUTHORIZED,
    }
)
# Where a limit does not say how long it lasts.
WAIT_AT_LEAST: Final = timedelta(seconds=2)
LONGEST_WAIT: Final = timedelta(minutes=10)

# They have the bot, and do not want it: blocked it, or took it away.
BLOCKED_CODES: Final = frozenset({"ConversationBlockedByUser", "MessageWritesBlocked"})
# They do not have the bot.
NOT_INSTALLED_CODES: Final = frozenset(
    {"ForbiddenOperationException", "BotNotInConversationRoster", "ConversationNotFound", "NotFound", "Forbidden"}
)

NO_CHATS: Final = text("Teams lets no bot open a chat between people; each of them has the way to it.")
BLOCKED: Final = text("They have blocked or removed Samlas in Teams. They can add it again from Apps.")
NOT_INSTALLED: Final = text(
    "They do not have Samlas in Teams. An administrator can install it for everybody by a setup policy."
)
CHANNEL_GONE: Final = text("Samlas is not in that channel any more. Somebody can add it to the team again.")
DISABLED: Final = text("An administrator has turned Samlas off in the Teams admin centre.")
TOO_LARGE: Final = text("Teams does not take a message this long.")
REFUSED: Final = text("Teams did not take it.")


class Asked(Enum):
    """What Teams was asked to do. To post twice is seen; to change a message or to make a conversation twice is not."""

    POST = "post"
    EDIT = "edit"
    MEET = "meet"


def is_uncertain(failure: Refused | NotReached | NoAnswer) -> bool:
    """Whether what was asked for may have been done all the same."""
    return isinstance(failure, NoAnswer) or (isinstance(failure, Refused) and failure.status in UNCERTAIN)


def outcome_of(failure: Refused | NotReached | NoAnswer, *, to_person: bool, asked: Asked = Asked.POST) -> Exception:
    """Return what the gateway raises: RateLimited, TryAgain, MaybeSent or NotSent."""
    if is_uncertain(failure):
        return MaybeSent() if asked is Asked.POST else TryAgain()
    match failure:
        case NotReached() | NoAnswer():
            return TryAgain()
        case Refused(status=HTTPStatus.TOO_MANY_REQUESTS):
            wait = timedelta(seconds=failure.retry_after or 0)
            return RateLimited(min(max(wait, WAIT_AT_LEAST), LONGEST_WAIT))
        case Refused() if failure.status in PASSING:
            if failure.retry_after is not None and failure.status == HTTPStatus.SERVICE_UNAVAILABLE:
                return RateLimited(min(max(timedelta(seconds=failure.retry_after), WAIT_AT_LEAST), LONGEST_WAIT))
            return TryAgain()
        case _:
            return _refusal(failure, to_person=to_person, asked=asked)


def _refusal(refused: Refused, *, to_person: bool, asked: Asked) -> NotSent:
    if refused.code == "BotDisabledByAdmin":
        return NotSent(OutboxState.FAILED, DISABLED)
    if refused.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE or refused.code == "MessageSizeTooBig":
        return NotSent(OutboxState.FAILED, TOO_LARGE)
    if asked is Asked.EDIT and refused.status == HTTPStatus.NOT_FOUND:
        return NotSent(OutboxState.FAILED, NOT_STANDING)
    if not to_person and refused.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return NotSent(OutboxState.FAILED, CHANNEL_GONE)
    if refused.code in BLOCKED_CODES:
        return NotSent(OutboxState.BLOCKED, BLOCKED)
    if refused.code in NOT_INSTALLED_CODES or refused.status in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND):
        return NotSent(OutboxState.UNREACHABLE, NOT_INSTALLED)
    return NotSent(OutboxState.FAILED, REFUSED)
