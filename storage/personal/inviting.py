"""The register's part about colleagues who invite each other into a conversation."""

from collections.abc import Mapping

from storage.personal.forms import Confided, Erased, Kept, Person
from storage.tables.inviting import InviteState

INVITING: Mapping[str, Kept] = {
    "thread_invite": Kept(
        "That somebody invites a colleague into a conversation, and what came of it.",
        "30 weeks; a form that was not sent a day",
        {"inviter_id": Person(Erased.GONE), "invited_id": Person(Erased.GONE)},
        ("channel", "thread", "link", "state"),
        keys={
            "id": "the invitation's number",
            "inviter_id": "who invites",
            "invited_id": "who is invited",
            "channel_id": "the channel's number",
            "channel": "the channel, as the platform names it",
            "thread": "the conversation's first message, as the platform names it",
            "link": "the way to the message",
            "state": "draft, asked, accepted or declined; the last only whoever said no reads",
            "created_at": "when the form was opened, in UTC",
            "asked_at": "when it was sent, in UTC",
        },
        confided={"state": Confided(to="invited_id", instead={InviteState.DECLINED: InviteState.ASKED})},
    ),
}
