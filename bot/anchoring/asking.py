"""What an author does with the management group: ask it first, and publish when it has said yes."""

from dataclasses import replace

from bot.anchoring.cards import PUBLISH, is_current, met_card
from bot.announcements.forms import CHANGED, draft_as_shown
from bot.announcements.life import own_draft
from bot.announcements.writing import publish_or_show_ways_on
from bot.context import Handlers, PersonContext, known
from bot.decisions.standing import ASK_GROUP, CARD
from bot.errors import Refused, Stale
from bot.events import Event, Reply
from bot.messages import Message, Target, Words
from bot.texts import text
from storage.decisions import add_anchoring_request, current_anchoring_request, find_anchoring_request
from storage.outbox import Urgency, say_to_member
from storage.people import management_group
from storage.tables import AnchoringState


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {ASK_GROUP: ask, PUBLISH: publish_anchored}


async def ask(ctx: PersonContext, event: Event) -> Reply:
    """Put a draft to the management group. The author has no vote."""
    draft = await draft_as_shown(ctx, event)
    if await current_anchoring_request(ctx.session, ctx.workspace_id, draft) is not None:
        raise Refused(text("The management group has been asked already, and you will be told what they answer."))
    group = [
        known(member.id)
        for member in await management_group(ctx.session, ctx.workspace_id)
        if member.id != ctx.member_id
    ]
    if not group:
        raise Refused(
            text("There is nobody else in the management group yet. The communications lead can name who is in it.")
        )
    request_id = await add_anchoring_request(
        ctx.session,
        ctx.workspace_id,
        known(draft.id),
        rule=ctx.settings.anchoring_rule,
        revision=draft.revision,
        asked=group,
        now=ctx.now,
    )
    for member_id in group:
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            member_id,
            CARD,
            request_id,
            now=ctx.now,
            urgency=Urgency.WORK_CARD,
            once=f"{CARD}:{request_id}:{member_id}",
            resend_if_unknown=True,
        )
    sentence = ctx.say.many(
        "{count} person in the management group has been asked. You will be told what they answer.",
        "{count} people in the management group have been asked. You will be told what they answer.",
        len(group),
    )
    return Reply(close=True, whisper=Message(sentence, (Words(sentence),)))


async def publish_anchored(ctx: PersonContext, event: Event) -> Reply:
    """Publish what the group has anchored, as long as it says what was anchored."""
    request = None
    if event.target is not None:
        request = await find_anchoring_request(ctx.session, ctx.workspace_id, event.target.row)
    if request is None:
        raise Refused(text("This question to the management group is not there any more."))
    draft = await own_draft(ctx, replace(event, target=Target(request.announcement_id, request.revision)))
    if not is_current(request, draft) or request.state != AnchoringState.MET:
        raise Stale(CHANGED, refreshed=await met_card(ctx, request, draft))
    return await publish_or_show_ways_on(ctx, draft)
