"""What an author does: write, go through the checklist, look at the preview, publish or save."""

from bot.announcements.audience import chosen_audience
from bot.announcements.choices import DRAFT
from bot.announcements.drafts import drafts_message, no_draft_message, saved_drafts, unfinished_draft
from bot.announcements.forms import (
    CHANGED,
    CHECKLIST,
    COMPOSE,
    EDIT,
    PROPOSE,
    PUBLISH,
    PUBLISH_ANYWAY,
    SAVE,
    checklist_form,
    compose_form,
    draft_as_shown,
    preview_form,
)
from bot.announcements.images import checked_picture, stored_picture
from bot.announcements.life import own_draft, words_of
from bot.announcements.moments import read_moment
from bot.announcements.relations import earlier_decisions
from bot.announcements.scheduling import let_go
from bot.announcements.speaking import is_approved, read_speaker
from bot.announcements.wording import LONGEST_TEXT, LONGEST_TITLE, read_wordings
from bot.context import Context, Handlers, PersonContext, known
from bot.decisions.asking import ask_again
from bot.decisions.checklist import answers_of, items_of, kept, read_answers, replaced_row, review_day
from bot.decisions.path_text import path_in
from bot.decisions.standing import outcome_of_draft, refresh_cards
from bot.decisions.templates import checklist_of
from bot.errors import BadInput, Stale
from bot.events import Event, Reply
from bot.forms import YES, Form, read
from bot.messages import Message, Words
from bot.taking_part import as_command
from bot.texts import language_of, text
from bot.topics.listing import chosen_topics
from storage.announcements import Draft, Wording, add_draft, revise_draft, store_draft, wordings_of
from storage.decisions import decision_or_new, has_announced_decision, store_answers
from storage.images import drop_image
from storage.outbox import Urgency, say_to_member
from storage.tables import Announcement, AnnouncementKind, AnnouncementState, Decision
from storage.topics import file_under


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {
        "announce": as_command(announce),
        "announce_this": as_command(announce_this),
        COMPOSE: compose,
        CHECKLIST: checklist,
        EDIT: edit,
        SAVE: save,
        PUBLISH: publish_now,
        PUBLISH_ANYWAY: publish_anyway,
        PROPOSE: propose,
    }


async def announce(ctx: PersonContext, event: Event) -> Reply:
    """Open the form; `/announce Some title` pre-fills it. Drafts that wait are offered in a whisper."""
    draft = await unfinished_draft(ctx)
    if draft is None:
        language = language_of(ctx.member.locale, ctx.settings.language)
        draft = await add_draft(ctx.session, ctx.workspace_id, ctx.member_id, language=language, now=ctx.now)
    title = " ".join(event.text.split())[:LONGEST_TITLE]
    if title and title != (await words_of(ctx, draft)).title:
        # Kept at once, so that a window that is closed loses nothing.
        content = Draft.of(draft, {draft.language: Wording(title)})
        await store_draft(ctx.session, ctx.workspace_id, draft, content, is_revised=True)
    waiting = await saved_drafts(ctx)
    return Reply(form=await compose_form(ctx, draft), whisper=drafts_message(ctx, waiting) if waiting else None)


async def announce_this(ctx: PersonContext, event: Event) -> Reply:
    """Open the form with the words of a message that stands in the chat already, in a draft of its own."""
    language = language_of(ctx.member.locale, ctx.settings.language)
    draft = await add_draft(ctx.session, ctx.workspace_id, ctx.member_id, language=language, now=ctx.now)
    content = Draft.of(draft, {draft.language: Wording("", event.text.strip()[:LONGEST_TEXT])})
    await store_draft(ctx.session, ctx.workspace_id, draft, content, is_revised=True)
    return Reply(form=await compose_form(ctx, draft))


async def compose(ctx: PersonContext, event: Event) -> Reply:
    """Save the first step, then ask the checklist (a decision) or show the preview (news)."""
    draft = await own_draft(ctx, event)
    form = await compose_form(ctx, draft)
    if event.target != form.target:
        # What was sent stays in the form, to be looked at beside what has changed.
        raise Stale(CHANGED, form=form.holding(event.values))
    given = read(form, event.values)
    audience_kind, audience_id = chosen_audience(given["audience"])
    before = await wordings_of(ctx.session, ctx.workspace_id, draft)
    wordings = read_wordings(draft, form, event.values)
    publish_at, behalf_of_id = read_moment(ctx, form, event.values), await read_speaker(ctx, form, event.values)
    checked_picture(draft, form, event, given, wordings)
    older_image = draft.image_id
    content = Draft(
        kind=given["kind"],
        audience_kind=audience_kind,
        audience_id=audience_id,
        confirm=given["confirm"] == YES,
        important=given["important"] == YES,
        publish_at=publish_at,
        wordings=wordings,
        behalf_of_id=behalf_of_id,
        image_id=await stored_picture(ctx, draft, event, given),
    )
    is_revised = _says(content) != _says(Draft.of(draft, before))
    if not await store_draft(ctx.session, ctx.workspace_id, draft, content, is_revised=is_revised):
        raise Stale(CHANGED, form=form)
    if older_image is not None and older_image != draft.image_id:
        await drop_image(ctx.session, ctx.workspace_id, older_image)
    await file_under(ctx.session, ctx.workspace_id, known(draft.id), chosen_topics(given["topics"]))
    if is_revised:
        await refresh_cards(ctx, known(draft.id))
    if draft.kind == AnnouncementKind.DECISION:
        return Reply(form=await _checklist_form(ctx, draft, await _decision(ctx, draft)))
    return Reply(form=await preview_form(ctx, draft))


def _says(content: Draft) -> tuple[object, ...]:
    """Return what others are asked about: what it says and shows, for whom, and in whose name."""
    return (
        content.wordings,
        content.image_id,
        content.kind,
        content.audience_kind,
        content.audience_id,
        content.behalf_of_id,
    )


async def checklist(ctx: PersonContext, event: Event) -> Reply:
    """Save the checklist's answers and show the preview with the outcome."""
    draft = await own_draft(ctx, event)
    decision = await _decision(ctx, draft)
    items, form = items_of(decision.checklist), await _checklist_form(ctx, draft, decision)
    if event.target != form.target:
        raise Stale(CHANGED, form=form.holding(event.values))
    answers = read_answers(items, form, event.values)
    if kept(answers) != decision.answers:
        await store_answers(
            ctx.session,
            ctx.workspace_id,
            decision,
            kept(answers),
            review_on=review_day(items, answers),
            replaces_id=replaced_row(items, answers),
        )
        if not await revise_draft(ctx.session, ctx.workspace_id, draft):
            raise Stale(CHANGED, form=form)
        await refresh_cards(ctx, known(draft.id))
    # Here the author has gone through it: whoever was asked about other words is asked about these; what speaks for
    # somebody else is for them to approve first.
    if await is_approved(ctx, draft):
        await ask_again(ctx, draft)
    return Reply(form=await preview_form(ctx, draft))


async def edit(ctx: PersonContext, event: Event) -> Reply:
    """Open a draft's first step again."""
    return Reply(form=await compose_form(ctx, await own_draft(ctx, event)))


async def save(ctx: PersonContext, event: Event) -> Reply:
    """Keep the draft, with a card in the author's own conversation that leads back to it."""
    draft = await own_draft(ctx, event)
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        ctx.member_id,
        DRAFT,
        known(draft.id),
        now=ctx.now,
        urgency=Urgency.ANSWER,
        once=f"{DRAFT}:{draft.id}:{draft.version}",
    )
    return Reply(close=True)


async def publish_now(ctx: PersonContext, event: Event) -> Reply:
    """Publish news, or a decision that is anchored; for one that is not, show its ways on instead."""
    return await publish_or_show_ways_on(ctx, await draft_as_shown(ctx, event))


async def publish_or_show_ways_on(ctx: PersonContext, draft: Announcement) -> Reply:
    """Publish an author's draft, unless it is a decision with something open that counts."""
    outcome = await outcome_of_draft(ctx, draft)
    if draft.kind == AnnouncementKind.DECISION and (outcome is None or not outcome.is_anchored):
        return Reply(form=await preview_form(ctx, draft))
    await let_go(ctx, draft, by_member_id=ctx.member_id)
    return await _let_go(ctx, draft)


async def publish_anyway(ctx: PersonContext, event: Event) -> Reply:
    """Publish a decision with items open; the line of why stands on the post."""
    draft = await draft_as_shown(ctx, event)
    form = await preview_form(ctx, draft)
    why = " ".join(read(form, event.values).get("why", "").split())
    outcome = await outcome_of_draft(ctx, draft)
    # The group may have answered while the preview was open; then there is nothing left to explain.
    if not why and (outcome is None or not outcome.is_anchored):
        sentence = text("Please say in one line why it is published now. It will stand on the post.")
        raise BadInput({"why": sentence}, form)
    await let_go(ctx, draft, by_member_id=ctx.member_id, why_open=why)
    return await _let_go(ctx, draft)


async def propose(ctx: PersonContext, event: Event) -> Reply:
    """Publish as a proposal that asks for views."""
    draft = await draft_as_shown(ctx, event)
    await let_go(ctx, draft, by_member_id=ctx.member_id, as_proposal=True)
    return await _let_go(ctx, draft)


async def _let_go(ctx: Context, draft: Announcement) -> Reply:
    """Say what has become of a draft that its author has let go of."""
    title = (await words_of(ctx, draft)).title
    if draft.state == AnnouncementState.SCHEDULED:
        sentence = ctx.say("“{title}” goes out {moment}.", title=title, moment=draft.publish_at)
    else:
        sentence = ctx.say("“{title}” is published. How it reaches people stands in our conversation.", title=title)
    whispered = Message(sentence, (Words(sentence),))
    return Reply(close=True, whisper=whispered, refreshed=no_draft_message(ctx, draft, title))


async def _decision(ctx: Context, draft: Announcement) -> Decision:
    return await decision_or_new(ctx.session, ctx.workspace_id, known(draft.id), checklist_of(ctx.settings))


async def _checklist_form(ctx: PersonContext, draft: Announcement, decision: Decision) -> Form:
    # A first decision begins with how decisions are made here.
    is_first = not await has_announced_decision(ctx.session, ctx.workspace_id, ctx.member_id)
    path = path_in(ctx.settings, ctx.say) if is_first else ""
    items, answers = items_of(decision.checklist), answers_of(decision.answers)
    earlier = await earlier_decisions(ctx)
    return checklist_form(draft, items, answers, ctx.say, path=path, earlier=earlier)
