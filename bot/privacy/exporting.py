"""*Export my data*: everything that is kept about one person, as a file of JSON.

docs/privacy.md documents its keys. The command line makes the same file (bot/commands/export.py).
"""

import json
from typing import Final

from bot.context import Context, Handlers, PersonContext
from bot.events import Event, File, Reply
from bot.messages import Message, Tone, Words
from storage.personal.exporting import rows_about
from storage.tables import Member

EXPORT: Final = "own.export"
# Grows when a key changes what it means, or goes.
EXPORT_VERSION: Final = 1
FILE_NAME: Final = "samlas-my-data.json"

# What is left in the log of who looked, when somebody else exports it.
EXPORTED: Final = "export"


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {EXPORT: export}


async def export(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Hand a member everything that is kept about them, and nobody else.

    Whoever presses is who it is about, whatever the button says.
    """
    told = ctx.say("Here is everything that Samlas keeps about you.")
    how = ctx.say("It is a text file in JSON: one list for each kind of thing, with the rows that are about you.")
    return Reply(
        file=File(FILE_NAME, await export_of(ctx, ctx.member), Message(told, (Words(told), Words(how, Tone.QUIET))))
    )


async def export_of(ctx: Context, member: Member) -> bytes:
    """Return everything that is kept about a member, as JSON in UTF-8."""
    exported = {
        "samlas_export": EXPORT_VERSION,
        "made_at": ctx.now.isoformat(),
        "organisation": ctx.workspace.name,
        "tables": await rows_about(ctx.session, ctx.workspace_id, member),
    }
    return json.dumps(exported, ensure_ascii=False, indent=2).encode()
