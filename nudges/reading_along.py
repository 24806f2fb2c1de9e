"""*I am reading along*: one press, in a tip or on Home, and a member is not quiet for 180 days.

Chat platforms tell nobody who looked at a channel, so that whoever reads and writes nothing can only say so.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from bot.calendars import calendar_of
from bot.context import Handlers, PersonContext
from bot.errors import Refused
from bot.events import Event, Reply, whisper
from bot.messages import Button, Buttons, Heading, Part, Target, Tone, Words
from bot.texts import text
from nudges.contacts import Kinds, as_it_stands
from nudges.messages import READING_ALONG
from nudges.stage import may_look
from storage.contacts import find_contact, find_item
from storage.counting import note_sign
from storage.people import read_along

READING_ALONG_AT_HOME = "home.reading_along"
# PRODUCT chapter 3, "What cannot be seen".
NOT_QUIET_FOR = timedelta(days=180)


def handlers(kinds: Kinds) -> Handlers:
    """Return what this module answers, by action name."""

    async def in_a_tip(ctx: PersonContext, event: Event) -> Reply:
        """Record it, and show the message as it stands then."""
        item = None
        if event.target is not None:
            item = await find_item(ctx.session, ctx.workspace_id, event.target.row)
        contact = None if item is None else await find_contact(ctx.session, ctx.workspace_id, item.contact_id)
        if contact is None or contact.member_id != ctx.member_id:
            raise Refused(_NOT_YOURS)
        await _record(ctx)
        return Reply(refreshed=await as_it_stands(ctx, contact, kinds))

    return {READING_ALONG: in_a_tip, READING_ALONG_AT_HOME: at_home}


_NOT_YOURS = text("This message was not written to you, so its buttons do nothing here.")


async def at_home(ctx: PersonContext, event: Event) -> Reply:
    """Record it, and say until when it holds."""
    if event.target is None or event.target.row != ctx.member_id:
        raise Refused(_NOT_YOURS)
    until = await _record(ctx)
    return whisper(ctx.say("Thank you. Reading along is taking part: no tips before {day}.", day=until))


async def _record(ctx: PersonContext) -> date:
    until = calendar_of(ctx.member, ctx.settings).local_day(ctx.now) + NOT_QUIET_FOR
    await read_along(ctx.session, ctx.workspace_id, ctx.member_id, until)
    await note_sign(ctx.session, ctx.workspace_id, ctx.member_id, ctx.now.date())
    return until


async def home_section(ctx: PersonContext) -> Sequence[Part]:
    """Offer it on Home; to whom it holds for, say until when. Nothing before anybody can be called quiet."""
    if not may_look(ctx.workspace) or ctx.member.not_counted:
        return []
    until = ctx.member.reading_along_until
    heading = Heading(ctx.say("Reading along"))
    if until is not None and calendar_of(ctx.member, ctx.settings).local_day(ctx.now) < until:
        return [heading, Words(ctx.say("You are reading along, and get no tips before {day}.", day=until))]
    offer = ctx.say("Reading and writing nothing is taking part too; it only does not show. Tell us here, if you like.")
    pressed = Button(ctx.say("I am reading along"), READING_ALONG_AT_HOME, Target(ctx.member_id, 1))
    return [heading, Words(offer, Tone.QUIET), Buttons((pressed,))]
