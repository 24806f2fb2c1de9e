"""What only communications leads may do: the one way to refuse it to others, with whom to ask instead."""

from bot.context import PersonContext
from bot.errors import Refused
from bot.names import shown_name
from bot.texts import text
from storage.people import communications_leads


async def leads_only(ctx: PersonContext) -> None:
    """Go on for a communications lead.

    Raises Refused for anybody else, naming those who are.
    """
    if ctx.member.is_communications_lead:
        return
    leads = [shown_name(member) for member in await communications_leads(ctx.session, ctx.workspace_id)]
    if leads:
        raise Refused(
            text(
                "This is the communications leads' view. They are happy to tell you about it: {names}.",
                names=ctx.say.listing(leads),
            )
        )
    raise Refused(
        text(
            "This is the communications leads' view, and nobody is one yet. Whoever runs Samlas names the first by"
            " e-mail address in SAMLAS_ADMINS, and starts it again."
        )
    )
