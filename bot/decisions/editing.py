"""The organisation's checklist in its communications leads' hands: choose a template, add, reword, reorder, remove.

Each step is kept at once, for decisions begun from then on; one that was begun before keeps its own.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.context import Handlers, PersonContext
from bot.decisions.checklist import Item, ItemKind, items_of
from bot.decisions.templates import NAMES, Template, checklist_from, checklist_of, kept_checklist, template_of
from bot.errors import BadInput, Stale
from bot.events import Event, Reply
from bot.forms import YES, ChoiceField, Form, FormPart, Option, TextField, TickField, read
from bot.leads import leads_only
from bot.messages import Button, Buttons, Divider, Style, Target, Tone, Words
from bot.settings import OrganisationSettings
from bot.texts import Text, text
from storage.workspaces import change_settings

OVERVIEW = "checklist.overview"
BEGIN_WITH = "checklist.begin_with"
ADD = "checklist.add"
ADDED = "checklist.added"
REWORD = "checklist.reword"
REWORDED = "checklist.reworded"
MOVE_UP = "checklist.move_up"
REMOVE = "checklist.remove"

LONGEST_QUESTION = 200
# As many as a platform's form has room for, with what stands around them.
MOST_ITEMS = 25

_KINDS: dict[ItemKind, Text] = {
    ItemKind.WORDS: text("A few lines"),
    ItemKind.LINE: text("One line"),
    ItemKind.DAY: text("A day"),
}
_CHANGED = text("The checklist was changed since you opened it here. Here it is as it stands now.")


def handlers() -> Handlers:
    """Return what this module answers, by action name."""
    return {
        OVERVIEW: overview,
        BEGIN_WITH: begin_with,
        ADD: add,
        ADDED: added,
        REWORD: reword,
        REWORDED: reworded,
        MOVE_UP: move_up,
        REMOVE: remove,
    }


async def overview(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Open the checklist as it stands."""
    await leads_only(ctx)
    return Reply(form=overview_form(ctx))


async def begin_with(ctx: PersonContext, event: Event) -> Reply:
    """Take a template's items in place of the organisation's own."""
    await _as_shown(ctx, event)
    template = Template(read(overview_form(ctx), event.values)["template"])
    return await _keep(ctx, template, items_of(checklist_from(template)))


async def add(ctx: PersonContext, event: Event) -> Reply:
    """Open the form of a new item."""
    await _as_shown(ctx, event)
    return Reply(form=_item_form(ctx, ADDED, _target(ctx), None))


async def added(ctx: PersonContext, event: Event) -> Reply:
    """Keep a new item, as the last."""
    items = await _as_shown(ctx, event)
    form = _item_form(ctx, ADDED, _target(ctx), None)
    if len(items) >= MOST_ITEMS:
        sentence = text("That is as many questions as a form has room for. Remove one first.")
        raise BadInput({"sv": sentence}, form.holding(event.values))
    new = Item(_free_key(items), {}, ItemKind.WORDS, on_post=True)
    return await _keep(ctx, _template(ctx), (*items, _read_item(form, event, new)))


async def reword(ctx: PersonContext, event: Event) -> Reply:
    """Open the form of an item."""
    items, place = await _item_as_shown(ctx, event)
    return Reply(form=_item_form(ctx, REWORDED, _target(ctx, place), items[place]))


async def reworded(ctx: PersonContext, event: Event) -> Reply:
    """Keep an item's new wording."""
    items, place = await _item_as_shown(ctx, event)
    form = _item_form(ctx, REWORDED, _target(ctx, place), items[place])
    item = _read_item(form, event, items[place])
    return await _keep(ctx, _template(ctx), (*items[:place], item, *items[place + 1 :]))


async def move_up(ctx: PersonContext, event: Event) -> Reply:
    """Ask an item before the one above it."""
    items, place = await _item_as_shown(ctx, event)
    above = max(place - 1, 0)
    others = (*items[:place], *items[place + 1 :])
    return await _keep(ctx, _template(ctx), (*others[:above], items[place], *others[above:]))


async def remove(ctx: PersonContext, event: Event) -> Reply:
    """Ask an item no more."""
    items, place = await _item_as_shown(ctx, event)
    return await _keep(ctx, _template(ctx), (*items[:place], *items[place + 1 :]))


def overview_form(ctx: PersonContext) -> Form:
    """Return the checklist with what can be done to it."""
    say = ctx.say
    items = items_of(checklist_of(ctx.settings))
    parts: list[FormPart] = [
        Words(say("Nothing here is ever required of anybody. Decisions begun from now on get it as it stands.")),
        Divider(),
    ]
    for place, item in enumerate(items):
        target = _target(ctx, place)
        up = (Button(say("Move up"), MOVE_UP, target),) if place else ()
        parts.append(Words(f"{place + 1}. {item.label(say)}", Tone.STRONG))
        if not item.on_post:
            parts.append(Words(say("For the record only: not shown on the post."), Tone.QUIET))
        parts.append(Buttons((Button(say("Reword"), REWORD, target), *up, Button(say("Remove"), REMOVE, target))))
    parts += [
        Divider(),
        Buttons((Button(say("Add a question"), ADD, _target(ctx), Style.PRIMARY),)),
        Divider(),
        ChoiceField(
            "template",
            say("Begin anew with a template"),
            tuple(Option(template, say.say(name)) for template, name in NAMES.items()),
            _template(ctx),
        ),
        Buttons(
            (
                Button(
                    say("Begin with it"),
                    BEGIN_WITH,
                    _target(ctx),
                    confirm=say("This takes the place of all questions above. Go on?"),
                ),
            )
        ),
    ]
    return Form(OVERVIEW, _target(ctx), say("The checklist"), tuple(parts), None, say("Close"))


def _item_form(ctx: PersonContext, action: str, target: Target, item: Item | None) -> Form:
    say = ctx.say
    labels = {} if item is None else item.labels
    kind: list[FormPart] = []
    if item is None or item.role is None:
        options = tuple(Option(kind, say.say(name)) for kind, name in _KINDS.items())
        kind = [ChoiceField("kind", say("Answered with"), options, ItemKind.WORDS if item is None else item.kind)]
    parts: tuple[FormPart, ...] = (
        TextField("sv", say("In Swedish"), labels.get("sv", ""), max_length=LONGEST_QUESTION),
        TextField("en", say("In English"), labels.get("en", ""), max_length=LONGEST_QUESTION),
        *kind,
        TickField("on_post", say("Show the answer on the post"), item is None or item.on_post),
    )
    title = say("A new question") if item is None else say("A question")
    submit, cancel = say("Keep"), say("Cancel")
    if action == ADDED:
        return Form(ADDED, target, title, parts, submit, cancel)
    return Form(REWORDED, target, title, parts, submit, cancel)


def _read_item(form: Form, event: Event, item: Item) -> Item:
    """Return an item as the form says it now. An item with a role keeps its kind.

    Raises BadInput where it is written in no language.
    """
    given = read(form, event.values)
    labels = {language: " ".join(given[language].split()) for language in ("sv", "en") if given[language]}
    if not labels:
        raise BadInput({"sv": text("Please write the question in one language at least.")}, form.holding(event.values))
    kind = ItemKind(given["kind"]) if "kind" in given else item.kind
    return replace(item, labels=labels, kind=kind, on_post=given["on_post"] == YES)


async def _as_shown(ctx: PersonContext, event: Event) -> tuple[Item, ...]:
    """Return the checklist's items, as the presser has them before their eyes.

    Raises Refused for somebody who is no communications lead, and Stale when the settings were changed meanwhile.
    """
    await leads_only(ctx)
    if event.target is None or event.target.version != ctx.workspace.settings_version:
        raise Stale(_CHANGED, form=overview_form(ctx))
    return items_of(checklist_of(ctx.settings))


async def _item_as_shown(ctx: PersonContext, event: Event) -> tuple[tuple[Item, ...], int]:
    items = await _as_shown(ctx, event)
    if event.target is None or not 1 <= event.target.row <= len(items):
        raise Stale(_CHANGED, form=overview_form(ctx))
    return items, event.target.row - 1


async def _keep(ctx: PersonContext, template: Template, items: tuple[Item, ...]) -> Reply:
    settings = {**ctx.workspace.settings, "checklist": kept_checklist(template, items)}
    await change_settings(ctx.session, ctx.workspace_id, settings, ctx.now, ctx.member_id)
    return Reply(form=overview_form(replace(ctx, settings=OrganisationSettings.model_validate(settings))))


def _target(ctx: PersonContext, place: int | None = None) -> Target:
    """Return what a button is about: an item by its place (the first is 1), or the whole, in this version."""
    return Target(0 if place is None else place + 1, ctx.workspace.settings_version)


def _template(ctx: PersonContext) -> Template:
    return template_of(checklist_of(ctx.settings))


def _free_key(items: Sequence[Item]) -> str:
    taken = {item.key for item in items}
    return next(key for number in range(1, len(items) + 2) if (key := f"own_{number}") not in taken)
