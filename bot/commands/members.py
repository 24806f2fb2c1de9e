"""Which member a command line means."""

from bot.context import Context
from bot.errors import Refused
from bot.texts import text
from storage.personal.exporting import members_called
from storage.tables import Member


async def choose_member(ctx: Context, who: str) -> Member:
    """Return the member with this e-mail address, or whom the platform calls this.

    Raises Refused for nobody, and for several with one address.
    """
    found = await members_called(ctx.session, ctx.workspace_id, who)
    if not found:
        raise Refused(text("Samlas knows nobody by {who} in {workspace}.", who=who, workspace=ctx.workspace.name))
    if len(found) > 1:
        raise Refused(
            text(
                "Several people have {who}. Please name one by the platform's id: {ids}",
                who=who,
                ids=", ".join(member.external_id for member in found),
            )
        )
    return found[0]
