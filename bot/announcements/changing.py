"""What follows after publishing: an author edits, withdraws or duplicates; a communications lead may withdraw too."""

from collections.abc import Mapping
from dataclasses import replace

from bot.announcements.choices import AMEND, DUPLICATE, WITHDRAW
from bot.announcements.forms import CHANGED, LONGEST_WHY, compose_form
from bot.announcements.home_post import POST
from bot.announcements.images import checked_picture
from bot.announcements.life import announcement_of, move_on, named, own_announcement, words_of
from bot.announcements.picture import PICTURE
from bot.announcements.posts import COPY
from bot.announcements.publishing import refresh_replaced
from bot.announcements.speaking import put_to_speaker, take_back
from bot.announcements.wording import alt_fields, read_wordings, word_fields
from bot.context import Context, Handlers, PersonContext, known
from bot.errors import Refused, Stale
from bot.events import Event, Reply, whisper
from bot.forms import Form, TextField, read
from bot.messages import Message, Target, Tone, Words
from bot.names import shown_name
from bot.texts import Voice, text
from bot.topics.listing import chosen_topics, topics_about, topics_field
from storage.announcements import (
    VISIBLE,
    Draft,
    Wording,
    add_draft,
    find_announcement,
    refile_published,
    revise_published,
    store_draft,
    wordings_of,
)
from storage.behalf import open_behalf_request, wordings_put
from storage.decisions import find_decision, withdraw_decision
from storage.images import copy_image
from storage.outbox import Urgency, refresh_posted, say_to_member
from storage.people import get_member
from storage.steps import last_step_to
from storage.tables import Announcement, AnnouncementState, Outbox
from storage.topics import file_under

# The message that tells an author of somebody else's withdrawing.
WITHDRAWN_TOLD = "announcement.withdrawn_told"

# What an author can send.
AMENDED = "announcement.amended"
WITHDRAWN = "announcement.withdrawn"


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {AMEND: amend, AMENDED: amended, WITHDRAW: withdraw, WITHDRAWN: withdrawn, DUPLICATE: duplicate}


async def amend(ctx: PersonContext, event: Event) -> Reply:
    """Open what is published, to change its words."""
    return Reply(form=await _amend_form(ctx, await _published(ctx, event)))


async def amended(ctx: PersonContext, event: Event) -> Reply:
    """Change the words of what is published: its post says so, and every copy follows. What is the same is no edit."""
    announcement = await _published(ctx, event)
    form = await _amend_form(ctx, announcement)
    if event.target != form.target:
        raise Stale(CHANGED, form=form.holding(event.values))
    before = await wordings_of(ctx.session, ctx.workspace_id, announcement)
    after = read_wordings(announcement, form, event.values)
    checked_picture(announcement, form, event, {}, after)
    topics = chosen_topics(read(form, event.values)["topics"])
    is_refiled = topics != chosen_topics(form.values()["topics"])
    # New words in somebody's name are theirs to approve; what they are filed under is not said by anybody.
    asks_first = announcement.behalf_of_id is not None
    is_reworded = after != before and not asks_first
    if is_reworded:
        is_stored = await revise_published(
            ctx.session, ctx.workspace_id, announcement, after, by_member_id=ctx.member_id, now=ctx.now
        )
    else:
        is_stored = not is_refiled or await refile_published(ctx.session, ctx.workspace_id, announcement)
    if not is_stored:
        raise Stale(CHANGED, form=form)
    if is_refiled:
        # What is filed under a retired topic stays so, though nobody can choose that any more.
        retired = [topic for topic in await topics_about(ctx, announcement) if topic.is_retired]
        kept = [*topics, *(known(topic.id) for topic in retired)]
        await file_under(ctx.session, ctx.workspace_id, known(announcement.id), kept)
    if is_refiled or is_reworded:
        await refresh_everywhere(ctx, announcement)
    if asks_first and (after != before or not is_refiled):
        return await _ask_first(ctx, announcement, before, after)
    title = (await words_of(ctx, announcement)).title
    sentence = (
        ctx.say("“{title}” has its new topics.", title=title)
        if is_refiled and after == before
        else ctx.say("“{title}” is edited. Its post says so.", title=title)
    )
    return Reply(close=True, whisper=whisper(sentence).whisper)


async def _ask_first(
    ctx: PersonContext, announcement: Announcement, before: Mapping[str, Wording], after: Mapping[str, Wording]
) -> Reply:
    """Put new words to the person in whose name the old ones stand; the old ones themselves are no question."""
    title = (await words_of(ctx, announcement)).title
    waiting = await open_behalf_request(ctx.session, ctx.workspace_id, known(announcement.id))
    if after == before:
        await take_back(ctx, announcement)
        return Reply(close=True, whisper=whisper(ctx.say("“{title}” stays as it is.", title=title)).whisper)
    if waiting is None or after != wordings_put(waiting):
        await put_to_speaker(ctx, announcement, after, is_edit=True)
    sentence = ctx.say(
        "{name} is asked whether this may stand in their name. Until they approve it, “{title}” stays as it is.",
        name=await named(ctx, announcement.behalf_of_id),
        title=title,
    )
    return Reply(close=True, whisper=whisper(sentence).whisper)


async def withdraw(ctx: PersonContext, event: Event) -> Reply:
    """Ask why, before anything is withdrawn."""
    announcement = await _to_withdraw(ctx, event)
    return Reply(form=_withdraw_form(announcement, (await words_of(ctx, announcement)).title, ctx.say))


async def withdrawn(ctx: PersonContext, event: Event) -> Reply:
    """Withdraw: the post and every copy say by whom and why, and nobody is asked to read it any more."""
    announcement = await _to_withdraw(ctx, event)
    title = (await words_of(ctx, announcement)).title
    why = " ".join(read(_withdraw_form(announcement, title, ctx.say), event.values)["why"].split())
    await move_on(ctx, announcement, AnnouncementState.WITHDRAWN, by_member_id=ctx.member_id, why=why)
    decision = await find_decision(ctx.session, ctx.workspace_id, known(announcement.id))
    if decision is not None:
        await withdraw_decision(ctx.session, ctx.workspace_id, known(decision.id), why)
    await refresh_everywhere(ctx, announcement)
    await take_back(ctx, announcement)
    await refresh_replaced(ctx, known(announcement.id))
    for member_id in {announcement.author_id, announcement.behalf_of_id} - {ctx.member_id, None}:
        await say_to_member(
            ctx.session,
            ctx.workspace_id,
            known(member_id),
            WITHDRAWN_TOLD,
            known(announcement.id),
            now=ctx.now,
            urgency=Urgency.ANSWER,
            resend_if_unknown=True,
        )
    return Reply(close=True, whisper=whisper(ctx.say("“{title}” is withdrawn.", title=title)).whisper)


async def duplicate(ctx: PersonContext, event: Event) -> Reply:
    """Open a new draft that says the same, for the same people. A decision's checklist begins anew."""
    first = await own_announcement(ctx, event)
    draft = await add_draft(ctx.session, ctx.workspace_id, ctx.member_id, language=first.language, now=ctx.now)
    same = Draft.of(first, await wordings_of(ctx.session, ctx.workspace_id, first))
    image_id = await copy_image(ctx.session, ctx.workspace_id, first.image_id, now=ctx.now)
    content = replace(same, publish_at=None, image_id=image_id)
    await store_draft(ctx.session, ctx.workspace_id, draft, content, is_revised=True)
    topics = [known(topic.id) for topic in await topics_about(ctx, first)]
    await file_under(ctx.session, ctx.workspace_id, known(draft.id), topics)
    return Reply(form=await compose_form(ctx, draft))


async def compose_withdrawn_told(ctx: Context, row: Outbox) -> Message | None:
    """Tell an author, or the person it was written for, who has withdrawn their announcement, and why."""
    announcement = await find_announcement(ctx.session, ctx.workspace_id, row.subject_id)
    step = await last_step_to(ctx.session, ctx.workspace_id, row.subject_id, AnnouncementState.WITHDRAWN)
    if announcement is None or step is None or step.by_member_id is None:
        return None
    name = shown_name(await get_member(ctx.session, ctx.workspace_id, step.by_member_id), ctx.say)
    title = (await words_of(ctx, announcement)).title
    sentence = ctx.say("{name} has withdrawn “{title}”.", name=name, title=title)
    return Message(sentence, (Words(sentence, Tone.STRONG), Words(ctx.say("Why: {why}", why=step.why))))


async def _published(ctx: PersonContext, event: Event) -> Announcement:
    announcement = await own_announcement(ctx, event)
    match AnnouncementState(announcement.state):
        case AnnouncementState.PUBLISHED:
            return announcement
        case AnnouncementState.PUBLISHING:
            raise Refused(text("It is still on its way out. Please try again in a minute."))
        case _:
            raise Refused(text("This is not published any more, so there is nothing to edit. You can duplicate it."))


async def _to_withdraw(ctx: PersonContext, event: Event) -> Announcement:
    """Return what is published and the presser's own, or stands in their name, or anybody's for a communications lead.

    Raises Refused for all else.
    """
    announcement = await announcement_of(ctx, event)
    is_out = announcement.state in (*VISIBLE, AnnouncementState.WITHDRAWN)
    may = ctx.member.is_communications_lead or announcement.behalf_of_id == ctx.member_id
    if not (may and is_out):
        announcement = await own_announcement(ctx, event)
    if announcement.state not in VISIBLE:
        raise Refused(text("This is not published any more, so there is nothing to withdraw."))
    return announcement


async def refresh_everywhere(ctx: Context, announcement: Announcement) -> None:
    """Have the post, every copy and the author's picture show what is true now."""
    for message in (POST, COPY, PICTURE):
        await refresh_posted(ctx.session, ctx.workspace_id, message, known(announcement.id), now=ctx.now)


async def _amend_form(ctx: PersonContext, announcement: Announcement) -> Form:
    say = ctx.say
    told = [Words(say("Everybody sees the new words where the old ones stand, and that they were edited."))]
    wordings = await wordings_of(ctx.session, ctx.workspace_id, announcement)
    if announcement.behalf_of_id is not None:
        name = await named(ctx, announcement.behalf_of_id)
        told.append(Words(say("{name} approves them first; until then, what stands stays.", name=name)))
        # What they have been asked about already is what there is to go on with.
        waiting = await open_behalf_request(ctx.session, ctx.workspace_id, known(announcement.id))
        wordings = wordings if waiting is None else wordings_put(waiting)
    # The picture stays the one that everybody has seen; what it shows can be told better.
    alts = alt_fields(announcement, wordings, say) if announcement.image_id is not None else ()
    return Form(
        AMENDED,
        Target(known(announcement.id), announcement.version),
        say("Edit what is published"),
        (*told, *word_fields(announcement, wordings, say), *alts, await topics_field(ctx, announcement)),
        say("Save"),
        say("Cancel"),
    )


def _withdraw_form(announcement: Announcement, title: str, say: Voice) -> Form:
    return Form(
        WITHDRAWN,
        Target(known(announcement.id), announcement.version),
        say("Withdraw"),
        (
            Words(say("“{title}” is taken back everywhere. Its post says who withdrew it, and why.", title=title)),
            TextField("why", say("Why? (one line, shown on the post)"), required=True, max_length=LONGEST_WHY),
        ),
        say("Withdraw"),
        say("Cancel"),
    )
