"""The reminder of whoever is asked whether something may go out in their name, and has not answered.

As the management group gets one (bot/anchoring/waiting.py): once, after two working days, in the organisation's hours.
"""

from bot.anchoring.waiting import REMIND_AFTER
from bot.announcements.life import writer_name
from bot.announcements.wording import in_order
from bot.behalf.cards import LOOK, about, target_of_request
from bot.calendars import calendar_of_organisation
from bot.context import Context, known
from bot.messages import Button, Buttons, Message, Style, Words
from storage.behalf import open_behalf_requests, wordings_put
from storage.outbox import Urgency, say_to_member
from storage.schedule import find_once
from storage.tables import BehalfState, Outbox

REMINDER = "behalf.reminder"


async def remind(ctx: Context) -> None:
    """Remind of each request that has waited for two working days."""
    calendar = calendar_of_organisation(ctx.settings)
    if not calendar.is_working_at(ctx.now):
        return
    for request in await open_behalf_requests(ctx.session, ctx.workspace_id):
        once = f"{REMINDER}:{request.id}"
        if (
            calendar.whole_working_days(request.asked_at, ctx.now) < REMIND_AFTER
            or await find_once(ctx.session, ctx.workspace_id, once) is not None
        ):
            continue
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            request.member_id,
            REMINDER,
            known(request.id),
            now=ctx.now,
            urgency=Urgency.WORK_CARD,
            once=once,
        )


async def compose_reminder(ctx: Context, row: Outbox) -> Message | None:
    """Remind them, with the way to the question; None when it is answered, or taken back, by its turn."""
    asked = await about(ctx, row.subject_id)
    if asked is None or asked[0].state != BehalfState.OPEN:
        return None
    request, announcement = asked
    title = in_order(wordings_put(request), ctx.say.language)[0].title
    writer = await writer_name(ctx, announcement)
    sentence = (
        ctx.say(
            "{writer} still hopes for your answer: may “{title}” say this instead, in your name?",
            writer=writer,
            title=title,
        )
        if request.is_edit
        else ctx.say(
            "{writer} still hopes for your answer: may “{title}” go out in your name?", writer=writer, title=title
        )
    )
    read = Button(ctx.say("Read and answer"), LOOK, target_of_request(request), Style.PRIMARY, opens_form=True)
    return Message(sentence, (Words(sentence), Buttons((read,))))
