"""What an author does: write, go through the checklist, look at the preview, publish or save."""

from bot.announcements.audience import home_of, read_audience
from bot.announcements.forms import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    LONGEST_WHY,
    checklist_form,
    compose_form,
    preview_form,
    target_of,
)
from bot.announcements.life import decision_as_it_stands, own_draft
from bot.announcements.picture import PICTURE
from bot.announcements.posts import COPY, POST
from bot.context import Context, PersonContext, known
from bot.decisions.anchoring import stop_asking
from bot.decisions.checklist import answers_of, default_checklist, items_of, kept, read_answers, review_day
from bot.errors import BadInput, Stale
from bot.events import Event, Reply
from bot.messages import Button, Buttons, Message, Style, Tone, Words
from bot.texts import Text, language_of, text
from storage.announcements import (
    add_draft,
    begin_publishing,
    drafts_of,
    find_announcement,
    record_step,
    store_draft,
)
from storage.decisions import decision_or_new, find_decision, store_answers, store_status
from storage.fan_out import start_fan_out
from storage.outbox import Urgency, say_in_channel, say_to_member
from storage.tables import Announcement, AnnouncementKind, DecisionStatus, FanOut, Outbox

DRAFT = "announcement.draft"


async def announce(ctx: PersonContext, event: Event) -> Reply:
    """Open the form; `/announce Some title` pre-fills it. Drafts that wait are offered in a whisper."""
    title = " ".join(event.text.split())[:LONGEST_TITLE]
    drafts = await drafts_of(ctx.session, ctx.workspace_id, ctx.member_id)
    untouched = next((draft for draft in drafts if not draft.title and not draft.text), None)
    if untouched is None:
        untouched = await add_draft(
            ctx.session,
            ctx.workspace_id,
            ctx.member_id,
            title="",
            language=language_of(ctx.member.locale, ctx.settings.language),
            now=ctx.now,
        )
    waiting = [draft for draft in drafts if draft is not untouched]
    return Reply(
        form=await compose_form(ctx, untouched, title),
        whisper=_waiting_drafts(ctx, waiting) if waiting else None,
    )


async def compose(ctx: PersonContext, event: Event) -> Reply:
    """Save the first step, then ask the checklist (a decision) or show the preview (news)."""
    draft = await own_draft(ctx, event)
    title, body = event.values.get("title", "").strip(), event.values.get("text", "").strip()
    kind = event.values.get("kind", "")
    wrong: dict[str, Text] = {}
    if not title:
        wrong["title"] = text("Please give it a title.")
    elif len(title) > LONGEST_TITLE:
        wrong["title"] = text("At most {count} characters, please.", count=LONGEST_TITLE)
    if not body:
        wrong["text"] = text("Please write what you want to tell.")
    elif len(body) > LONGEST_TEXT:
        wrong["text"] = text("At most {count} characters, please.", count=LONGEST_TEXT)
    if kind not in list(AnnouncementKind):
        wrong["kind"] = text("Please choose news or a decision.")
    if wrong:
        raise BadInput(wrong)
    audience_kind, audience_id = await read_audience(ctx, event.values.get("audience", ""), "audience")

    if (title, body, kind) != (draft.title, draft.text, draft.kind):
        draft.revision += 1
        await stop_asking(ctx, draft)
    draft.title, draft.text, draft.kind = title, body, kind
    draft.audience_kind, draft.audience_id = audience_kind, audience_id
    draft.confirm = event.values.get("confirm") == "yes"
    draft.important = event.values.get("important") == "yes"
    await _store(ctx, draft)
    if draft.kind == AnnouncementKind.DECISION:
        return await _checklist_step(ctx, draft)
    return Reply(form=await preview_form(ctx, draft))


async def checklist(ctx: PersonContext, event: Event) -> Reply:
    """Save the checklist's answers and show the preview with the outcome."""
    draft = await own_draft(ctx, event)
    decision = await find_decision(ctx.session, ctx.workspace_id, known(draft.id))
    if decision is None:
        return await _checklist_step(ctx, draft)
    answers = read_answers(items_of(decision.checklist), event.values)
    if kept(answers) != decision.answers:
        draft.revision += 1
        await stop_asking(ctx, draft)
        await store_answers(ctx.session, ctx.workspace_id, decision, kept(answers), review_day(answers))
        await _store(ctx, draft)
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


async def compose_draft_card(ctx: Context, row: Outbox) -> Message | None:
    """Make the card of a saved draft."""
    draft = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    if draft is None:
        return None
    sentence = ctx.say("Your draft “{title}” is saved. Nobody else sees it.", title=draft.title)
    resume = Button(ctx.say("Continue"), "announcement.edit", target_of(draft), Style.PRIMARY)
    return Message(sentence, (Words(sentence), Buttons((resume,))))


async def publish(ctx: PersonContext, event: Event) -> Reply:
    """Publish news, or a decision that is anchored; for one that is not, show its ways on instead."""
    draft = await own_draft(ctx, event)
    standing = await decision_as_it_stands(ctx, draft)
    if draft.kind == AnnouncementKind.DECISION and (standing is None or not standing[2].is_anchored):
        return Reply(form=await preview_form(ctx, draft))
    return await _publish(ctx, draft)


async def publish_anyway(ctx: PersonContext, event: Event) -> Reply:
    """Publish a decision with items open; the line of why stands on the post."""
    draft = await own_draft(ctx, event)
    why = " ".join(event.values.get("why", "").split())
    if not why:
        raise BadInput({"why": text("Please say in one line why it is published now. It will stand on the post.")})
    if len(why) > LONGEST_WHY:
        raise BadInput({"why": text("At most {count} characters, please.", count=LONGEST_WHY)})
    draft.why_open = why
    return await _publish(ctx, draft)


async def propose(ctx: PersonContext, event: Event) -> Reply:
    """Publish as a proposal that asks for views."""
    draft = await own_draft(ctx, event)
    draft.is_proposal = draft.kind == AnnouncementKind.DECISION
    return await _publish(ctx, draft)


async def _publish(ctx: PersonContext, draft: Announcement) -> Reply:
    """Write the home post, the fan-out of copies and the author's card, in the transaction that publishes."""
    if not draft.title or not draft.text:
        raise BadInput({"title": text("Please give it a title and a text first.")})
    home = await home_of(ctx, draft)
    announcement_id = known(draft.id)
    if not await begin_publishing(ctx.session, ctx.workspace_id, draft, home.channel_id, ctx.now):
        raise Stale(text("This was changed since you opened it here. Open the draft again to go on."))
    await record_step(ctx.session, ctx.workspace_id, announcement_id, "published", ctx.member_id, ctx.now)
    if draft.kind == AnnouncementKind.DECISION and not draft.is_proposal:
        await store_status(ctx.session, ctx.workspace_id, announcement_id, DecisionStatus.DECIDED)
    if home.channel_id is not None:
        await say_in_channel(
            ctx.session,
            ctx.workspace_id,
            home.channel_id,
            POST,
            announcement_id,
            now=ctx.now,
            urgency=Urgency.HOME_POST,
            once=f"{POST}:{announcement_id}",
        )
    await start_fan_out(
        ctx.session,
        ctx.workspace_id,
        FanOut(
            workspace_id=ctx.workspace_id,
            message=COPY,
            subject_id=announcement_id,
            revision=draft.revision,
            audience_kind=draft.audience_kind,
            audience_id=draft.audience_id,
            copies=home.copies,
            home_channel_id=home.channel_id,
            except_member_id=draft.author_id,
            priority=Urgency.IMPORTANT_COPY if draft.important else Urgency.COPY,
            resend_if_unknown=True,
            announcement_id=announcement_id,
            audience_as_of=ctx.now,
        ),
    )
    await say_to_member(
        ctx.session,
        ctx.workspace_id,
        draft.author_id,
        PICTURE,
        announcement_id,
        now=ctx.now,
        urgency=Urgency.EDIT,
        once=f"{PICTURE}:{announcement_id}",
        resend_if_unknown=True,
    )
    sentence = ctx.say("“{title}” is published. How it reaches people stands in our conversation.", title=draft.title)
    return Reply(close=True, whisper=Message(sentence, (Words(sentence),)), refreshed=_done(ctx, draft))


def _done(ctx: Context, draft: Announcement) -> Message:
    sentence = ctx.say("“{title}” is published.", title=draft.title)
    return Message(sentence, (Words(sentence, Tone.STRONG),))


async def _checklist_step(ctx: Context, draft: Announcement) -> Reply:
    decision = await decision_or_new(ctx.session, ctx.workspace_id, known(draft.id), default_checklist())
    return Reply(form=checklist_form(draft, items_of(decision.checklist), answers_of(decision.answers), ctx.say))


async def _store(ctx: Context, draft: Announcement) -> None:
    if not await store_draft(ctx.session, ctx.workspace_id, draft):
        raise Stale(text("This was changed since you opened it here. Open the draft again to go on."))


def _waiting_drafts(ctx: Context, drafts: list[Announcement]) -> Message:
    sentence = ctx.say.many("You have {count} saved draft.", "You have {count} saved drafts.", len(drafts))
    resume = tuple(
        Button(
            ctx.say("Continue “{title}”", title=_shortened(draft.title)),
            "announcement.edit",
            target_of(draft),
        )
        for draft in drafts[:5]
    )
    return Message(sentence, (Words(sentence), Buttons(resume)))


def _shortened(title: str, longest: int = 40) -> str:
    return title if len(title) <= longest else f"{title[: longest - 1]}…"
