"""What an author does with the management group: ask it first, and publish when it has said yes."""

from dataclasses import replace

from bot.anchoring.cards import PUBLISH, is_current, met_card
from bot.announcements.forms import CHANGED, PUBLISH_ITSELF, draft_as_shown
from bot.announcements.life import own_draft
from bot.announcements.speaking import approved_or_refuse
from bot.announcements.writing import publish_or_show_ways_on
from bot.context import Handlers, PersonContext
from bot.decisions.asking import group_for, put_to_group
from bot.decisions.standing import ASK_GROUP
from bot.errors import Refused, Stale
from bot.events import Event, Reply
from bot.forms import YES
from bot.messages import Message, Target, Words
from bot.texts import text
from storage.anchoring import current_anchoring_request, find_anchoring_request
from storage.tables import AnchoringState


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {ASK_GROUP: ask, PUBLISH: publish_anchored}


async def ask(ctx: PersonContext, event: Event) -> Reply:
    """Put a draft to the management group. The author has no vote."""
    draft = await draft_as_shown(ctx, event)
    request = await current_anchoring_request(ctx.session, ctx.workspace_id, draft)
    if request is not None and request.state != AnchoringState.LAPSED:
        raise Refused(text("The management group has been asked already, and you will be told what they answer."))
    await approved_or_refuse(ctx, draft)
    group = await group_for(ctx, draft)
    if not group:
        raise Refused(
            text("There is nobody else in the management group yet. The communications lead can name who is in it.")
        )
    await put_to_group(ctx, draft, group, publish_when_met=event.values.get(PUBLISH_ITSELF) == YES)
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
    reply = await publish_or_show_ways_on(ctx, draft)
    # Its card, under the press, says what has become of it; once is enough.
    return reply if reply.refreshed is None else replace(reply, whisper=None)
