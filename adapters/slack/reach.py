"""What each of Slack's refusals means for a message: try again, may have arrived, or never, with a reason.

From docs.slack.dev/reference/methods/chat.postMessage and chat.update ("Errors"). A reason is a sentence that the
author of an announcement reads.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.platform import NOT_STANDING, MaybeSent, NotSent, RateLimited, TryAgain
from bot.texts import Text, text
from storage.tables import OutboxState

FAILED, BLOCKED, UNREACHABLE = OutboxState.FAILED, OutboxState.BLOCKED, OutboxState.UNREACHABLE

_ARCHIVED = text("The channel is archived, so nothing can be posted there.")
_NOT_THERE = text("The channel is not there any more, or Samlas cannot see it.")
_NOT_IN = text("Samlas is not in the channel. Somebody who is can write /invite @Samlas there.")
_POSTING = text("The channel's rules do not let Samlas post there.")
_GONE = text("Their Slack account is deactivated.")
_NO_DM = text("Slack does not let Samlas write to them directly.")
_NO_SLACK = text("Samlas does not find them in Slack.")
_TOKEN = text("Samlas has been taken out of this Slack, or its token was revoked. It has to be installed again.")
_SCOPE = text("Samlas lacks a permission in Slack. Whoever manages it there has to install it again.")
_LONG = text("The message is longer than Slack takes.")
_FORM = text("Slack did not accept how the message is made.")
_FROZEN = text("Slack does not let this message be changed any more.")
_RESTRICTED = text("The workspace's rules do not let Samlas write this.")
_ACCOUNT = text("The workspace is closed or has not paid, so that nothing can be written there.")
_OTHER = text("Slack did not take it, for a reason that Samlas does not know. The log has it.")

# Slack's word for it: what it means for the author's picture, and why.
FOR_GOOD: Final[Mapping[str, tuple[OutboxState, Text]]] = {
    "is_archived": (FAILED, _ARCHIVED),
    "channel_not_found": (FAILED, _NOT_THERE),
    "channel_is_archived": (FAILED, _ARCHIVED),
    "not_in_channel": (FAILED, _NOT_IN),
    "restricted_action": (FAILED, _POSTING),
    "restricted_action_read_only_channel": (FAILED, _POSTING),
    "restricted_action_thread_only_channel": (FAILED, _POSTING),
    "restricted_action_non_threadable_channel": (FAILED, _POSTING),
    "restricted_action_thread_locked": (FAILED, _POSTING),
    "thread_not_found": (FAILED, NOT_STANDING),
    "cannot_reply_to_message": (FAILED, _POSTING),
    "message_limit_exceeded": (FAILED, _POSTING),
    "user_not_found": (UNREACHABLE, _NO_SLACK),
    "users_not_found": (UNREACHABLE, _NO_SLACK),
    "user_not_visible": (UNREACHABLE, _NO_SLACK),
    "account_inactive_user": (UNREACHABLE, _GONE),
    "user_disabled": (UNREACHABLE, _GONE),
    "user_is_bot": (UNREACHABLE, _NO_DM),
    "cannot_dm_bot": (UNREACHABLE, _NO_DM),
    "user_is_restricted": (UNREACHABLE, _NO_DM),
    "user_is_ultra_restricted": (UNREACHABLE, _NO_DM),
    "messages_tab_disabled": (BLOCKED, _NO_DM),
    "cannot_message_user": (BLOCKED, _NO_DM),
    "external_channel_migrating": (FAILED, _NOT_THERE),
    "not_in_team": (UNREACHABLE, _NO_SLACK),
    "invalid_auth": (FAILED, _TOKEN),
    "not_authed": (FAILED, _TOKEN),
    "account_inactive": (FAILED, _TOKEN),
    "token_revoked": (FAILED, _TOKEN),
    "token_expired": (FAILED, _TOKEN),
    "app_uninstalled": (FAILED, _TOKEN),
    "org_login_required": (FAILED, _TOKEN),
    "two_factor_setup_required": (FAILED, _TOKEN),
    "access_denied": (FAILED, _TOKEN),
    "missing_scope": (FAILED, _SCOPE),
    "no_permission": (FAILED, _SCOPE),
    "not_allowed_token_type": (FAILED, _SCOPE),
    "enterprise_is_restricted": (FAILED, _RESTRICTED),
    "team_access_not_granted": (FAILED, _RESTRICTED),
    "ekm_access_denied": (FAILED, _RESTRICTED),
    "is_inactive": (FAILED, NOT_STANDING),
    "msg_too_long": (FAILED, _LONG),
    "msg_blocks_too_long": (FAILED, _LONG),
    "metadata_too_large": (FAILED, _LONG),
    "no_text": (FAILED, _FORM),
    "invalid_blocks": (FAILED, _FORM),
    "invalid_blocks_format": (FAILED, _FORM),
    "invalid_arguments": (FAILED, _FORM),
    "invalid_metadata_format": (FAILED, _FORM),
    "invalid_metadata_schema": (FAILED, _FORM),
    "message_not_found": (FAILED, NOT_STANDING),
    "cant_update_message": (FAILED, _FROZEN),
    "edit_window_closed": (FAILED, _FROZEN),
    "duplicate_channel_not_found": (FAILED, _NOT_THERE),
    "duplicate_message_not_found": (FAILED, NOT_STANDING),
    "team_added_to_org": (FAILED, _TOKEN),
    "paid_teams_only": (FAILED, _ACCOUNT),
    "deprecated_endpoint": (FAILED, _FORM),
    "method_deprecated": (FAILED, _FORM),
}
# The same words where the message went to a person.
OF_A_PERSON: Final[Mapping[str, tuple[OutboxState, Text]]] = {
    "channel_not_found": (UNREACHABLE, _NO_SLACK),
    "is_archived": (UNREACHABLE, _GONE),
    "not_in_channel": (UNREACHABLE, _NO_DM),
    "restricted_action": (BLOCKED, _NO_DM),
}
# Nothing was sent, and it may go through later.
PASSING: Final = frozenset({"service_unavailable", "team_not_found", "accesslimited", "request_timeout"})
# Slack: "it is possible some aspect of the operation succeeded before the error was raised".
MAYBE: Final = frozenset({"fatal_error", "internal_error"})
LIMITED: Final = frozenset({"ratelimited", "rate_limited"})
# Where Slack says "wait" and not how long.
DEFAULT_WAIT: Final = timedelta(seconds=30)
SERVICE_UNAVAILABLE: Final = 503
TOO_MANY: Final = 429
SERVER_ERROR: Final = 500


def outcome(failure: BaseException, *, to_person: bool = False) -> Exception:
    """Return what a failed call means for the sender, as one of the gateway's exceptions.

    `to_person`: it went to a person, of whom Slack too says that the channel is not found or archived.
    """
    match failure:
        case SlackApiError() if to_person and error_of(failure) in OF_A_PERSON:
            return NotSent(*OF_A_PERSON[error_of(failure)])
        case SlackApiError():
            return _refusal(failure)
        case aiohttp.ClientConnectorError():
            # Nobody was there to take it.
            return TryAgain()
        case _:
            # The connection was lost, or nobody answered in time.
            return MaybeSent()


def error_of(refused: SlackApiError) -> str:
    """Return Slack's word for a refusal, empty where it gave none."""
    data = getattr(refused.response, "data", None)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def _refusal(refused: SlackApiError) -> Exception:
    response = refused.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0) or 200)
    error = error_of(refused)
    if status == TOO_MANY or error in LIMITED:
        return RateLimited(_wait(getattr(response, "headers", None) or {}))
    if error in FOR_GOOD:
        return NotSent(*FOR_GOOD[error])
    if error in PASSING or status == SERVICE_UNAVAILABLE:
        return TryAgain()
    if error in MAYBE or status >= SERVER_ERROR or not error:
        return MaybeSent()
    return NotSent(FAILED, _OTHER)


def _wait(headers: Mapping[str, str]) -> timedelta:
    for name, value in headers.items():
        if name.lower() == "retry-after":
            try:
                return timedelta(seconds=max(1.0, float(value)))
            except ValueError:
                break
    return DEFAULT_WAIT
