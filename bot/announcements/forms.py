"""The forms an author meets: writing, the decision's checklist, and the preview with its ways on."""

from bot.announcements.audience import audience_options, chosen, reach_of
from bot.announcements.life import decision_as_it_stands
from bot.announcements.posts import announcement_parts
from bot.context import Context, known
from bot.decisions.checklist import Answer, Item, fields_for
from bot.decisions.outcome import Outcome
from bot.forms import ChoiceField, Form, FormPart, Option, TextField, TickField
from bot.messages import Button, Buttons, Check, Checks, Divider, Mark, Style, Target, Tone, Words
from bot.texts import Voice
from storage.decisions import current_anchoring_request
from storage.tables import Announcement, AnnouncementKind

LONGEST_TITLE = 150
LONGEST_TEXT = 10_000
LONGEST_WHY = 300


def target_of(announcement: Announcement) -> Target:
    """Return what a button in an author's form is about: the draft in this version."""
    return Target(known(announcement.id), announcement.version)


async def compose_form(ctx: Context, draft: Announcement, title: str = "") -> Form:
    """Return the first step: what, for whom, and how. `title` is shown where the draft has none yet."""
    say = ctx.say
    return Form(
        action="announcement.compose",
        target=target_of(draft),
        title=say("New announcement"),
        parts=(
            TextField("title", say("Title"), draft.title or title, required=True, max_length=LONGEST_TITLE),
            TextField(
                "text",
                say("Text"),
                draft.text,
                say("Markdown works: **bold**, lists, links."),
                multiline=True,
                required=True,
                max_length=LONGEST_TEXT,
            ),
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
            ChoiceField("audience", say("Who is it for?"), await audience_options(ctx), chosen(draft)),
            TickField(
                "confirm",
                say("Ask readers to confirm that they have read it"),
                draft.confirm,
                say("The post says so."),
            ),
            TickField(
                "important",
                say("Important"),
                draft.important,
                say("Everyone it is for gets a direct message as well."),
            ),
        ),
        submit=say("Next"),
        cancel=say("Cancel"),
    )


def checklist_form(draft: Announcement, items: tuple[Item, ...], answers: dict[str, Answer], say: Voice) -> Form:
    """Return the decision's step: the organisation's checklist, each item of which can be left open."""
    return Form(
        action="decision.checklist",
        target=target_of(draft),
        title=say("About the decision"),
        parts=(
            Words(say("A moment of thought before the button. Leave open what you do not know.")),
            *fields_for(items, answers, say),
        ),
        submit=say("Preview"),
        cancel=say("Cancel"),
    )


async def preview_form(ctx: Context, draft: Announcement) -> Form:
    """Return the last step: how it will look, whom it reaches, and the ways on."""
    say, target = ctx.say, target_of(draft)
    parts: list[FormPart] = []
    parts.extend(await announcement_parts(ctx, draft))
    parts.append(Divider())
    standing = await decision_as_it_stands(ctx, draft)
    if standing is not None:
        items, _, outcome = standing
        parts.extend(_standing(items, outcome, say))
    parts.append(Words(await _reach_in_words(ctx, draft), Tone.STRONG))
    if standing is not None and not standing[2].is_anchored:
        waiting = await current_anchoring_request(ctx.session, ctx.workspace_id, known(draft.id)) is not None
        parts.extend(_ways_on(draft, target, say, waiting=waiting))
    else:
        parts.append(
            Buttons((Button(say("Publish"), "announcement.publish", target, Style.PRIMARY),)),
        )
    parts.append(
        Buttons(
            (
                Button(say("Edit"), "announcement.edit", target),
                Button(say("Save draft"), "announcement.save", target),
            )
        )
    )
    return Form("announcement.preview", target, say("Preview"), tuple(parts), None, say("Close"))


def question_form(announcement: Announcement, say: Voice) -> Form:
    """Return the form of *Ask a question*."""
    return Form(
        "announcement.question",
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


def _standing(items: tuple[Item, ...], outcome: Outcome, say: Voice) -> list[FormPart]:
    labels = {item.key: item.label(say) for item in items}
    counted = tuple(
        Check(labels[key], Mark.OPEN if key in outcome.open_items else Mark.DONE)
        for key in ("decision", "decider", "anchoring")
        if key in labels
    )
    parts: list[FormPart] = [
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


def _ways_on(draft: Announcement, target: Target, say: Voice, *, waiting: bool) -> list[FormPart]:
    ask: list[FormPart] = (
        [Words(say("The management group has been asked, and you will be told what they answer."))]
        if waiting
        else [Buttons((Button(say("Ask the management group first"), "anchoring.ask", target, Style.PRIMARY),))]
    )
    return [
        Words(say("It is your decision how to go on. Nothing here is forbidden.")),
        *ask,
        TextField(
            "why",
            say("Why publish it now? (one line, shown on the post)"),
            draft.why_open,
            max_length=LONGEST_WHY,
        ),
        Buttons(
            (
                Button(say("Publish anyway"), "announcement.publish_anyway", target),
                Button(say("Publish as a proposal"), "announcement.propose", target),
            )
        ),
    ]


async def _reach_in_words(ctx: Context, draft: Announcement) -> str:
    reach = await reach_of(ctx, draft)
    people = ctx.say.many("Goes to {count} person", "Goes to {count} people", reach.people)
    if reach.messages == 0:
        return ctx.say("{people}, by its post alone.", people=people)
    return ctx.say.many(
        "{people}; {count} of them gets a direct message.",
        "{people}; {count} of them get a direct message.",
        reach.messages,
        people=people,
    )
