"""From a decision to the next one: a proposal becomes the decision, and a decision is changed by a new one.

Either begins as its author's draft with what the earlier one says, whose place it takes when it is published.
"""

from bot.announcements.choices import BECOME
from bot.announcements.forms import compose_form
from bot.announcements.relations import called
from bot.context import Handlers, PersonContext, known
from bot.decisions.checklist import Answer, Role, answers_of, items_of, kept, review_day
from bot.decisions.templates import checklist_of
from bot.errors import Refused
from bot.events import Event, Reply
from bot.texts import text
from storage.announcements import Draft, add_draft, find_announcement, store_draft, wordings_of
from storage.decision_log import Logged, draft_that_replaces, find_logged
from storage.decisions import decision_or_new, store_answers
from storage.images import copy_image
from storage.tables import Announcement, AnnouncementKind, DecisionStatus

GONE = text("This decision is not there any more.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {BECOME: become}


async def become(ctx: PersonContext, event: Event) -> Reply:
    """Open the draft of the decision that an author's proposal is to become."""
    logged = None
    if event.target is not None:
        logged = await find_logged(ctx.session, ctx.workspace_id, ctx.member, event.target.row)
    if logged is None or logged.announcement.author_id != ctx.member_id:
        raise Refused(GONE)
    if logged.status is not DecisionStatus.PROPOSED:
        raise Refused(text("This is no open proposal any more: {/decisions} shows where it stands."))
    return Reply(form=await compose_form(ctx, await successor(ctx, logged)))


async def successor(ctx: PersonContext, logged: Logged) -> Announcement:
    """Return this member's draft that is to take a decision's place: one that waits already, or a new one.

    It is asked what the organisation asks now; what was answered to the same questions is in it.
    """
    replaced_id = known(logged.decision.id)
    waiting = await draft_that_replaces(ctx.session, ctx.workspace_id, ctx.member_id, replaced_id)
    if waiting is not None:
        found = await find_announcement(ctx.session, ctx.workspace_id, waiting)
        if found is not None:
            return found
    earlier = logged.announcement
    draft = await add_draft(ctx.session, ctx.workspace_id, ctx.member_id, language=earlier.language, now=ctx.now)
    content = Draft(
        kind=AnnouncementKind.DECISION,
        audience_kind=earlier.audience_kind,
        audience_id=earlier.audience_id,
        confirm=earlier.confirm,
        important=earlier.important,
        publish_at=None,
        wordings=await wordings_of(ctx.session, ctx.workspace_id, earlier),
        behalf_of_id=earlier.behalf_of_id,
        image_id=await copy_image(ctx.session, ctx.workspace_id, earlier.image_id, now=ctx.now),
    )
    await store_draft(ctx.session, ctx.workspace_id, draft, content, is_revised=True)
    checklist = checklist_of(ctx.settings)
    decision = await decision_or_new(ctx.session, ctx.workspace_id, known(draft.id), checklist)
    items, before = items_of(checklist), answers_of(logged.decision.answers)
    answers = {item.key: before[item.key] for item in items if item.key in before}
    for item in items:
        if item.role is Role.REPLACES:
            answers[item.key] = Answer(await called(ctx, earlier), row=replaced_id)
    await store_answers(
        ctx.session,
        ctx.workspace_id,
        decision,
        kept(answers),
        review_on=review_day(items, answers),
        replaces_id=replaced_id,
    )
    return draft
