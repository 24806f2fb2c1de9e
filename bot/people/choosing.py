"""Who is meant by an e-mail address that somebody wrote in a form: also people whom the chat has not seen yet."""

from bot.context import PersonContext
from bot.people import cells
from bot.people.cells import Unusable
from bot.texts import text
from storage.people_list import people_by_email
from storage.tables import Member


async def person_by_email(ctx: PersonContext, written: str) -> Member:
    """Return the present person of an e-mail address.

    Raises Unusable for what is no address, and for an address that nobody here has.
    """
    address = cells.email(written)
    found = (await people_by_email(ctx.session, ctx.workspace_id, [address])).get(address)
    if found is None:
        raise Unusable(text("Nobody of this e-mail address is known here."))
    return found
