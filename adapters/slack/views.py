"""The bot's forms as modals, and its Home: pure functions, field by field, and what a sent view holds."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, assert_never

from adapters.slack import limits
from adapters.slack.blocks import pieces, plain, quiet, render_parts, rest
from adapters.slack.fitting import Block, fit
from adapters.slack.markdown import clean
from adapters.slack.metadata import Carried, packed
from bot.events import Place
from bot.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    FormField,
    FormPart,
    Option,
    PersonField,
    PictureField,
    TextField,
    TickField,
    TimeField,
    several,
)
from bot.messages import Button, Buttons, Message, Tone, Words
from bot.texts import Voice

# The one action id of every field; the block's id tells them apart.
VALUE = "value"
# Between a field's key and what makes its block's id new with each step, so that Slack keeps no old value in it.
STEP = "~"
# Behind the key of a text's second and further fields: Slack takes 3,000 characters in one.
CONTINUED = "+"
# What stands for an option without a value, which Slack does not take.
NO_VALUE = "-"
# The beginning of the block ids of sentences about what cannot be taken.
PROBLEM = "problem"
# What a field's state tells, and what its element begins with.
INITIALS = {
    "value": "initial_value",
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "selected_user": "initial_user",
}
# More options than this are shown as a list to open.
MOST_RADIO_BUTTONS = 4
# A field that is this full gets another one under it, where more is allowed.
NEARLY_FULL = 2_500


@dataclass(frozen=True, slots=True)
class _Submit:
    label: str | None
    action: str
    row: int
    version: int


def modal(form: Form, say: Voice, origin: Place) -> dict[str, Any]:
    """Return a form as a modal; submitting it brings `form.action`, wherever it was asked for (`origin`).

    Slack wants a submit button wherever there is a field. Where the form has none, the first button after the last
    field takes its place: that is the one which needs the field.
    """
    step = f"{STEP}{form.action}.{form.target.row}.{form.target.version}"
    submit, parts = _submit(form)
    blocks: list[Block] = []
    if len(form.title.strip()) > limits.VIEW_TITLE:
        # The bar on top has room for 24 characters.
        blocks.extend(render_parts((Words(form.title, Tone.STRONG),), say))
    shown: list[Any] = []
    for part in parts:
        if isinstance(part, FormField):
            blocks.extend(render_parts(shown, say))
            shown = []
            blocks.extend(_field(part, step, say))
        else:
            shown.append(part)
    blocks.extend(render_parts(shown, say))
    if submit.label is not None and len(submit.label) > limits.VIEW_BUTTON:
        blocks.extend(quiet(submit.label))
    carried = Carried(submit.action, submit.row, submit.version, origin.channel, origin.message, origin.thread)
    view: dict[str, Any] = {
        "type": "modal",
        "callback_id": submit.action[: limits.CALLBACK_ID],
        "private_metadata": packed(carried),
        "title": plain(form.title, limits.VIEW_TITLE),
        "close": plain(form.cancel, limits.VIEW_BUTTON),
        "blocks": fit(blocks, limits.BLOCKS_IN_VIEW, limits.VIEW, rest(say)),
    }
    if submit.label is not None:
        view["submit"] = plain(submit.label, limits.VIEW_BUTTON)
    return view


def said(message: Message, title: str, say: Voice) -> dict[str, Any]:
    """Return a message as a modal that only tells it: what Slack has instead of a whisper where there is no place."""
    return {
        "type": "modal",
        "callback_id": "said",
        "title": plain(title, limits.VIEW_TITLE),
        "close": plain(say("Close"), limits.VIEW_BUTTON),
        "blocks": fit(list(render_parts(message.parts, say)), limits.BLOCKS_IN_VIEW, limits.VIEW, rest(say)),
    }


def home(message: Message, say: Voice) -> dict[str, Any]:
    """Return the Home tab of one person."""
    blocks = list(render_parts(message.parts, say))
    return {"type": "home", "blocks": fit(blocks, limits.BLOCKS_IN_VIEW, limits.VIEW, rest(say))}


def values_of(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what the fields of a view hold, by the fields' keys, as `bot.forms` promises them."""
    found: dict[str, str] = {}
    for block_id, elements in view.get("state", {}).get("values", {}).items():
        key = block_id.split(STEP)[0]
        value = _value(elements.get(VALUE, {}))
        if CONTINUED in key:
            key = key.split(CONTINUED)[0]
            found[key] = "\n".join(piece for piece in (found.get(key, ""), value) if piece)
        else:
            found[key] = value
    return found


def field_blocks(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the block id of each field of a view, by the field's key."""
    return {
        block["block_id"].split(STEP)[0]: block["block_id"]
        for block in view.get("blocks", [])
        if block.get("type") == "input"
    }


def with_problems(view: Mapping[str, Any], problems: Mapping[str, str]) -> dict[str, Any]:
    """Return an open view with sentences under the fields they are about, for what cannot be sent as errors.

    A sentence about no field stands on top. What has been typed stays, since the fields keep their ids.
    """
    fields = field_blocks(view)
    state = view.get("state", {}).get("values", {})
    blocks = [_problem(sentence) for key, sentence in problems.items() if key not in fields]
    for block in view["blocks"]:
        block_id = str(block.get("block_id", ""))
        if block_id.startswith(PROBLEM):
            continue
        blocks.append(
            {**block, "element": as_filled(block["element"], state[block_id])} if block_id in state else block
        )
        blocks.extend(_problem(sentence) for key, sentence in problems.items() if fields.get(key) == block_id)
    for number, block in enumerate(blocks):
        if block.get("block_id") == PROBLEM:
            block["block_id"] = f"{PROBLEM}{number}"
    kept = ("type", "callback_id", "private_metadata", "title", "close", "submit")
    return {**{key: view[key] for key in kept if view.get(key)}, "blocks": blocks[: limits.BLOCKS_IN_VIEW]}


def chosen_files(view: Mapping[str, Any]) -> dict[str, str]:
    """Return the ids of the files that were chosen in a view, by their fields' keys."""
    found: dict[str, str] = {}
    for block_id, state in ((view.get("state") or {}).get("values") or {}).items():
        files = (state.get(VALUE) or {}).get("files") or []
        if files:
            found[block_id.split(STEP)[0]] = str(files[0]["id"])
    return found


def as_filled(element: Mapping[str, Any], state: Mapping[str, Any]) -> Block:
    """Return a field's element as it stands filled in, so that drawing the view anew loses nothing."""
    empty = {key: value for key, value in element.items() if not key.startswith("initial_")}
    filled = state.get(VALUE, {})
    for told, initial in INITIALS.items():
        if filled.get(told):
            return {**empty, initial: filled[told]}
    return empty


def _problem(sentence: str) -> Block:
    return {
        "type": "context",
        "block_id": PROBLEM,
        "elements": [
            {"type": "plain_text", "text": f"⚠️ {limits.short(clean(sentence), limits.ERROR - 3)}", "emoji": True}
        ],
    }


def _submit(form: Form) -> tuple[_Submit, Sequence[FormPart]]:
    own = _Submit(form.submit, form.action, form.target.row, form.target.version)
    at_fields = [number for number, part in enumerate(form.parts) if isinstance(part, FormField)]
    if form.submit is not None or not at_fields:
        return own, form.parts
    for number in range(at_fields[-1] + 1, len(form.parts)):
        row = form.parts[number]
        if isinstance(row, Buttons) and row.buttons:
            first: Button = row.buttons[0]
            rest = (Buttons(row.buttons[1:]),) if row.buttons[1:] else ()
            parts = (*form.parts[:number], *rest, *form.parts[number + 1 :])
            return _Submit(first.label, first.action, first.target.row, first.target.version), parts
    # No button needs the field: then sending it is closing it.
    return _Submit(form.cancel, "", form.target.row, form.target.version), form.parts


def _field(field: FormField, step: str, say: Voice) -> Iterator[Block]:
    match field:
        case TextField():
            yield from _text(field, step, say)
        case ChoiceField():
            yield from _choice(field, step)
        case ChoicesField():
            yield from _choices(field, step)
        case TickField():
            option = {"value": "yes", "text": plain(say("Yes"), limits.OPTION_TEXT)}
            element: Block = {"type": "checkboxes", "options": [option]}
            if field.value:
                element["initial_options"] = [option]
            yield from _input(field.key, field.label, field.hint, step, element, required=False)
        case DayField() | TimeField() | PersonField():
            yield from _input(field.key, field.label, field.hint, step, _picker(field), required=field.required)
        case PictureField():
            element = {"type": "file_input", "filetypes": ["png", "jpg", "jpeg", "gif", "webp"], "max_files": 1}
            yield from _input(field.key, field.label, field.hint, step, element, required=False)
        case _:
            assert_never(field)


def _picker(field: DayField | TimeField | PersonField) -> Block:
    match field:
        case DayField():
            return {"type": "datepicker"} | ({"initial_date": field.value} if _is_day(field.value) else {})
        case TimeField():
            return {"type": "timepicker"} | ({"initial_time": field.value} if _is_time(field.value) else {})
        case PersonField():
            return {"type": "users_select"} | ({"initial_user": field.value} if field.value else {})
        case _:
            assert_never(field)


def _text(field: TextField, step: str, say: Voice) -> Iterator[Block]:
    """Yield a text's field, and further ones for what does not fit into one of Slack's."""
    value = clean(field.value)[: field.max_length]
    held = list(pieces(value, limits.INPUT_TEXT)) if value else [""]
    if field.max_length > limits.INPUT_TEXT and field.multiline and len(held[-1]) > NEARLY_FULL:
        held.append("")
    hint = field.hint
    if field.max_length > limits.INPUT_TEXT and len(held) == 1:
        more = say("Slack takes 3,000 characters here; a longer text gets another field when you come back to edit it.")
        hint = f"{hint} {more}".strip()
    for number, piece in enumerate(held):
        element: Block = {
            "type": "plain_text_input",
            "multiline": field.multiline,
            "max_length": min(field.max_length, limits.INPUT_TEXT),
        }
        if piece:
            element["initial_value"] = piece if field.multiline else " ".join(piece.split())
        key = field.key if number == 0 else f"{field.key}{CONTINUED}{number + 1}"
        label = field.label if number == 0 else say("{label}, continued", label=field.label)
        required = field.required and number == 0
        yield from _input(key, label, hint if number == 0 else "", step, element, required=required)


def _choice(field: ChoiceField, step: str) -> Iterator[Block]:
    options = yield from _offered(field)
    if not options:
        return
    element: Block
    if len(options) <= MOST_RADIO_BUTTONS:
        element = {"type": "radio_buttons", "options": options}
    else:
        element = {"type": "static_select", **_listed(options)}
    chosen = next((option for option in options if option["value"] == (field.value or NO_VALUE)), None)
    if chosen is not None:
        element["initial_option"] = chosen
    yield from _input(field.key, field.label, field.hint, step, element, required=field.required)


def _choices(field: ChoicesField, step: str) -> Iterator[Block]:
    options = yield from _offered(field)
    if not options:
        return
    element: Block = {"type": "multi_static_select", **_listed(options)}
    chosen = [option for option in options if option["value"] in several(field.value)]
    if chosen:
        element["initial_options"] = chosen
    yield from _input(field.key, field.label, field.hint, step, element, required=False)


def _offered(field: ChoiceField | ChoicesField) -> Generator[Block, None, list[Block]]:
    """Return a field's options; yields what of their labels finds no room in them, and that there are none."""
    offered = [option for option in field.options if len(option.value) <= limits.OPTION_VALUE]
    if not offered:
        # Slack refuses a list of nothing.
        yield from quiet(f"{field.label}: -")
    options = [_option(option) for option in offered]
    for option, drawn in zip(offered, options, strict=True):
        if len(" ".join(option.label.split())) > len(label_of(drawn)):
            yield from quiet(option.label)
    return options


def _listed(options: list[Block]) -> Block:
    """Return options as a list to open has them: more than a hundred in groups."""
    size = limits.OPTIONS_IN_GROUP
    if len(options) <= size:
        return {"options": options}
    groups = [options[start : start + size] for start in range(0, len(options), size)][: limits.OPTION_GROUPS]
    return {"option_groups": [{"label": _group_label(group), "options": group} for group in groups]}


def _option(option: Option) -> Block:
    """Return an option; a longer label goes on in the small print under it."""
    label = " ".join(clean(option.label).split()) or "-"
    drawn: Block = {"value": option.value or NO_VALUE, "text": plain(label, limits.OPTION_TEXT)}
    if len(label) > limits.OPTION_TEXT:
        at = max(label.rfind(" ", 0, limits.OPTION_TEXT + 1), 0) or limits.OPTION_TEXT
        drawn["text"] = plain(label[:at], limits.OPTION_TEXT)
        drawn["description"] = plain(label[at:], limits.OPTION_DESCRIPTION)
    return drawn


def label_of(option: Mapping[str, Any]) -> str:
    """Return all that an option says."""
    return " ".join(option[key]["text"] for key in ("text", "description") if key in option)


def _group_label(group: Sequence[Block]) -> Block:
    first, last = group[0]["text"]["text"], group[-1]["text"]["text"]
    half = limits.GROUP_LABEL // 2 - 2
    return plain(f"{first[:half]} - {last[:half]}", limits.GROUP_LABEL)


def _input(key: str, label: str, hint: str, step: str, element: Block, *, required: bool) -> Iterator[Block]:
    block: Block = {
        "type": "input",
        "block_id": f"{key}{step}"[: limits.BLOCK_ID],
        "label": plain(label, limits.INPUT_LABEL),
        "optional": not required,
        "element": {**element, "action_id": VALUE},
    }
    line = " ".join(clean(hint).split())
    shown, *more = pieces(line, limits.INPUT_HINT)
    if shown:
        block["hint"] = plain(shown, limits.INPUT_HINT)
    yield block
    for words in more:
        yield from quiet(words)


def _value(element: Mapping[str, Any]) -> str:
    match element.get("type"):
        case "plain_text_input":
            return clean(element.get("value") or "")
        case "radio_buttons" | "static_select":
            value = (element.get("selected_option") or {}).get("value", "")
            return "" if value == NO_VALUE else str(value)
        case "multi_static_select":
            return ",".join(str(option["value"]) for option in element.get("selected_options") or ())
        case "checkboxes":
            return "yes" if element.get("selected_options") else ""
        case "datepicker":
            return element.get("selected_date") or ""
        case "timepicker":
            return element.get("selected_time") or ""
        case "users_select":
            return element.get("selected_user") or ""
        case _:
            return ""


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _is_time(value: str) -> bool:
    try:
        return time.fromisoformat(value).strftime("%H:%M") == value
    except ValueError:
        return False
