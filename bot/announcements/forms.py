"""The forms an author meets: writing, the decision's checklist, and the preview with its ways on."""

from collections.abc import Sequence

from bot.announcements.audience import as_option, audience_options
from bot.announcements.images import picture_fields
from bot.announcements.life import named, own_draft
from bot.announcements.moments import moment_fields
from bot.announcements.posts import announcement_parts
from bot.announcements.reach import important_so_far, reach_in_words
from bot.announcements.speaking import ASK_SPEAKER, GOES_OUT_ITSELF, is_approved, speaker_field
from bot.announcements.wording import alt_fields, word_fields
from bot.context import Context, PersonContext, known
from bot.decisions.checklist import COUNTED, Answer, Item, Role, fields_for
from bot.decisions.outcome import Outcome
from bot.decisions.standing import ASK_GROUP, outcome_of_draft, standing_of
from bot.errors import Stale
from bot.events import Event
from bot.forms import ChoiceField, Form, FormPart, Option, TextField, TickField
from bot.messages import (
    Button,
    Buttons,
    Check,
    Checks,
    Divider,
    Heading,
    Mark,
    Part,
    Style,
    Target,
    Tone,
    Words,
    Written,
)
from bot.texts import Text, Voice, text
from bot.topics.listing import topics_field
from storage.anchoring import current_anchoring_request
from storage.announcements import wordings_of
from storage.tables import AnchoringState, Announcement, AnnouncementKind

# What an author can send and press; bot/announcements/writing.py answers.
COMPOSE = "announcement.compose"
CHECKLIST = "decision.checklist"
PREVIEW = "announcement.preview"
EDIT = "announcement.edit"
SAVE = "announcement.save"
PUBLISH = "announcement.publish"
PUBLISH_ANYWAY = "announcement.publish_anyway"
PROPOSE = "announcement.propose"
# What a reader can send; bot/announcements/reading.py answers.
ASKED = "announcement.question"

# The author's tick beside asking the management group.
PUBLISH_ITSELF = "publish_itself"

LONGEST_WHY = 300

CHANGED = text("This was changed since you opened it here. Here it is as it stands now.")
_COUNTED_LABELS: dict[Role, Text] = {
    Role.DECISION: text("The decision in one sentence"),
    Role.DECIDER: text("Who decided, where and when"),
    Role.ANCHORING: text("Anchored with the management group"),
}


def target_of(announcement: Announcement) -> Target:
    """Return what a button in an author's form is about: the draft in this version."""
    return Target(known(announcement.id), announcement.version)


async def draft_as_shown(ctx: PersonContext, event: Event) -> Announcement:
    """Return the presser's own draft, in the version that they have before their eyes.

    Raises Refused as `own_draft` does, and Stale, with the preview as it is now, when it was changed meanwhile.
    """
    draft = await own_draft(ctx, event)
    if event.target is None or event.target.version != draft.version:
        raise Stale(CHANGED, form=await preview_form(ctx, draft))
    return draft


async def compose_form(ctx: PersonContext, draft: Announcement) -> Form:
    """Return the first step: what, for whom, and how."""
    say = ctx.say
    wordings = await wordings_of(ctx.session, ctx.workspace_id, draft)
    important = say(
        "Everyone it is for gets a direct message as well; {important}.", important=await important_so_far(ctx)
    )
    # The author's own language first; the other is for the few who write in both.
    title, body, *in_the_other_language = word_fields(draft, wordings, say)
    return Form(
        action=COMPOSE,
        target=target_of(draft),
        title=say("New announcement"),
        parts=(
            title,
            body,
            *await picture_fields(ctx, draft, wordings),
            ChoiceField(
                "kind",
                say("What is it?"),
                (
                    Option(AnnouncementKind.NEWS, say("News")),
                    Option(AnnouncementKind.DECISION, say("A decision")),
                ),
                draft.kind,
                say("A decision gets a short checklist next, and its place in the decision log."),
            ),
            ChoiceField("audience", say("Who is it for?"), await audience_options(ctx), as_option(draft)),
            await topics_field(ctx, draft),
            TickField(
                "confirm",
                say("Ask readers to confirm that they have read it"),
                draft.confirm,
                say("The post says so, and that you see who has."),
            ),
            TickField(
                "important",
                say("Important"),
                draft.important,
                important,
            ),
            await speaker_field(ctx, draft, say),
            *moment_fields(draft.publish_at, say),
            *in_the_other_language,
            *alt_fields(draft, wordings, say)[1:],
        ),
        submit=say("Next"),
        cancel=say("Cancel"),
    )


def checklist_form(
    draft: Announcement,
    items: tuple[Item, ...],
    answers: dict[str, Answer],
    say: Voice,
    *,
    path: str = "",
    earlier: Sequence[Option] = (),
) -> Form:
    """Return the decision's step: the organisation's checklist, each item of which can be left open.

    `path` is the decision path, in Markdown, where it is to be seen first; `earlier` are the decisions to replace.
    """
    shown = (Heading(say("How decisions are made here")), Written(path), Divider()) if path else ()
    return Form(
        action=CHECKLIST,
        target=target_of(draft),
        title=say("About the decision"),
        parts=(
            *shown,
            Words(say("A moment of thought before the button. Leave open what you do not know.")),
            *fields_for(items, answers, say, earlier),
        ),
        submit=say("Preview"),
        cancel=say("Cancel"),
    )


async def preview_parts(ctx: Context, draft: Announcement) -> list[Part]:
    """Return how a draft will look, how a decision stands, and whom it reaches."""
    parts: list[Part] = [*await announcement_parts(ctx, draft, in_all_languages=True), Divider()]
    standing, outcome = await standing_of(ctx, draft), await outcome_of_draft(ctx, draft)
    if standing is not None and outcome is not None:
        parts.extend(_how_it_stands(standing.items, outcome, ctx.say))
    parts.extend(await reach_in_words(ctx, draft))
    return parts


def is_ahead(ctx: Context, draft: Announcement) -> bool:
    """Whether its writer has chosen a time for it that is yet to come."""
    return draft.publish_at is not None and draft.publish_at > ctx.now


async def preview_form(ctx: Context, draft: Announcement) -> Form:
    """Return the last step: how it will look, whom it reaches, and the ways on."""
    say, target = ctx.say, target_of(draft)
    parts: list[FormPart] = [*await preview_parts(ctx, draft)]
    outcome = await outcome_of_draft(ctx, draft)
    if is_ahead(ctx, draft):
        parts.append(Words(say("Goes out {moment}, your time.", moment=draft.publish_at), Tone.STRONG))
    if draft.behalf_of_id is not None:
        parts.extend(await _approval_parts(ctx, draft, outcome))
    if not await is_approved(ctx, draft):
        # Nothing else leads out before that.
        pass
    elif outcome is None or outcome.is_anchored:
        label = say("Schedule") if is_ahead(ctx, draft) else say("Publish")
        parts.append(Buttons((Button(label, PUBLISH, target, Style.PRIMARY),)))
    else:
        request = await current_anchoring_request(ctx.session, ctx.workspace_id, draft)
        waiting = request is not None and request.state != AnchoringState.LAPSED
        parts.extend(_ways_on(target, say, waiting=waiting))
    parts.append(
        Buttons(
            (
                Button(say("Edit"), EDIT, target),
                Button(say("Save draft"), SAVE, target),
            )
        )
    )
    return Form(PREVIEW, target, say("Preview"), tuple(parts), None, say("Close"))


def question_form(announcement: Announcement, say: Voice) -> Form:
    """Return the form of *Ask a question*."""
    return Form(
        ASKED,
        Target(known(announcement.id), announcement.revision),
        say("Ask a question"),
        (
            TextField(
                "question",
                say("Your question"),
                hint=say("It goes into the thread under the announcement, with your name."),
                multiline=True,
                required=True,
            ),
        ),
        say("Ask"),
        say("Cancel"),
    )


async def _approval_parts(ctx: Context, draft: Announcement, outcome: Outcome | None) -> list[FormPart]:
    """Return what the preview says of the person on whose behalf it is written, and the way to their yes."""
    say, name = ctx.say, await named(ctx, draft.behalf_of_id)
    if await is_approved(ctx, draft):
        return [Words(say("{name} has approved it as it is.", name=name), Tone.STRONG)]
    parts: list[FormPart] = [
        Words(say("{name} is asked first: it goes out in their name once they have approved it.", name=name)),
        Buttons((Button(say("Ask {name} to approve it", name=name), ASK_SPEAKER, target_of(draft), Style.PRIMARY),)),
    ]
    if outcome is None or outcome.is_anchored:
        parts.append(
            TickField(
                GOES_OUT_ITSELF,
                say("Let it go out by itself when they have approved it"),
                hint=say("At once, or at its time. Once that has passed, it waits for you."),
            )
        )
    return parts


def _how_it_stands(items: tuple[Item, ...], outcome: Outcome, say: Voice) -> list[Part]:
    labels = {item.key: item.label(say) for item in items}
    by_role = {item.role: item.label(say) for item in items}
    counted = tuple(
        Check(
            by_role.get(role) or say.say(_COUNTED_LABELS[role]), Mark.OPEN if role in outcome.open_roles else Mark.DONE
        )
        for role in COUNTED
        if role in by_role or role in outcome.open_roles
    )
    parts: list[Part] = [
        Words(say("How it stands: {outcome}", outcome=outcome.line), Tone.STRONG),
        Checks(counted),
        *(Words(say.say(reason)) for reason in outcome.reasons),
    ]
    if outcome.open_questions:
        parts.append(
            Words(
                say(
                    "Open questions, which need not stop you: {items}",
                    items="; ".join(labels[key] for key in outcome.open_questions),
                ),
                Tone.QUIET,
            )
        )
    return parts


def _ways_on(target: Target, say: Voice, *, waiting: bool) -> list[FormPart]:
    ask: list[FormPart] = (
        [Words(say("The management group has been asked, and you will be told what they answer."))]
        if waiting
        else [
            Buttons((Button(say("Ask the management group first"), ASK_GROUP, target, Style.PRIMARY),)),
            TickField(
                PUBLISH_ITSELF,
                say("Publish it by itself when it is anchored"),
                hint=say("A concern, or a wish for a meeting, always stops that."),
            ),
        ]
    )
    return [
        Words(say("It is your decision how to go on. Nothing here is forbidden.")),
        *ask,
        TextField("why", say("Why publish it now? (one line, shown on the post)"), max_length=LONGEST_WHY),
        Buttons(
            (
                Button(say("Publish anyway"), PUBLISH_ANYWAY, target),
                Button(say("Publish as a proposal"), PROPOSE, target),
            )
        ),
    ]
