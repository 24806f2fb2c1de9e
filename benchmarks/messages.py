"""What is sent when sending is measured: a reminder of some lines with two buttons, composed when its turn comes."""

from datetime import UTC, datetime
from typing import Final

from bot.context import Context, Spoken
from bot.messages import Button, Buttons, Heading, Message, Target, Words
from storage.database import Database
from storage.outbox import ToMember, Urgency, say_to_members
from storage.tables import Outbox

NAME: Final = "note"
NOTE: Final = (
    "The offices move in May",
    "You have not told yet whether you have read this. It takes three minutes, and says where you will sit.",
    "It was announced on Monday by Anna, for everybody in the house in Drottninggatan.",
)
AT_ONCE: Final = 400


async def compose(_ctx: Context, row: Outbox) -> Message:
    """Say it."""
    title, *lines = NOTE
    buttons = Buttons(
        (
            Button("I have read this", "read", Target(row.subject_id, 1)),
            Button("Later", "later", Target(row.subject_id, 1)),
        )
    )
    return Message(title, (Heading(title), *(Words(line) for line in lines), buttons))


def spoken() -> dict[str, Spoken]:
    """Return the one message by its name."""
    return {NAME: Spoken(compose)}


async def queue(database: Database, workspace_id: int, members: list[int], subject: int) -> None:
    """Queue a note about a subject to each of the members."""
    now = datetime.now(UTC)
    for first in range(0, len(members), AT_ONCE):
        notes = [
            ToMember(member, subject, now, f"{NAME}:{subject}:{member}") for member in members[first : first + AT_ONCE]
        ]
        async with database.begin() as session:
            await say_to_members(session, workspace_id, NAME, notes, now=now, urgency=Urgency.NUDGE)
