"""Reads Block Kit as a person sees it in Slack: messages, modals, what stands at their fields. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from adapters.slack.views import as_filled, label_of
from tests.contracts.surface import FieldKind, SeenField, SeenForm, SeenMessage, words

Block = Mapping[str, Any]

KINDS = {
    "plain_text_input": FieldKind.TEXT,
    "radio_buttons": FieldKind.CHOICE,
    "static_select": FieldKind.CHOICE,
    "multi_static_select": FieldKind.CHOICES,
    "checkboxes": FieldKind.TICK,
    "datepicker": FieldKind.DAY,
    "timepicker": FieldKind.TIME,
    "users_select": FieldKind.PERSON,
    "file_input": FieldKind.PICTURE,
}

OFFERING = (FieldKind.CHOICE, FieldKind.CHOICES)


@dataclass(frozen=True)
class Here:
    """A message: its conversation and time (or the view it stands in), its buttons' elements, its links' addresses."""

    channel: str | None
    ts: str | None
    thread: str | None = field(default=None, compare=False)
    view: Mapping[str, Any] | None = field(default=None, compare=False)
    response: str | None = None
    presses: Mapping[str, Block] = field(default_factory=dict, compare=False)
    addresses: Mapping[str, str] = field(default_factory=dict, compare=False)
    pictures: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Open:
    """An open modal: its view, its buttons' elements by label, its fields' block ids by key, what submits it."""

    view: Mapping[str, Any]
    presses: Mapping[str, Block]
    blocks: Mapping[str, str]
    submit: str | None


def message_in(blocks: Sequence[Block], here: Here) -> SeenMessage:
    """Return a message as it is seen."""
    presses, questions = _buttons(blocks)
    addresses = {
        element["text"]: element["url"]
        for block in blocks
        if _is_offered_link(block)
        for element in block["elements"][0]["elements"]
    }
    said = [_words(block) for block in blocks if not _is_offered_link(block)]
    return SeenMessage(
        words(" ".join(said)),
        tuple(presses),
        tuple(addresses),
        questions,
        replace(here, presses=presses, addresses=addresses, pictures=pictures_in(blocks)),
    )


def pictures_in(blocks: Sequence[Block]) -> tuple[tuple[str, str], ...]:
    """Return the ids of the files that are shown as pictures, each with its words."""
    return tuple((block["slack_file"]["id"], block["alt_text"]) for block in blocks if block["type"] == "image")


def form_in(view: Mapping[str, Any]) -> tuple[SeenForm, dict[str, str]]:
    """Return a modal as it is seen, and the sentences that stand under its fields."""
    fields: dict[str, SeenField] = {}
    blocks: dict[str, str] = {}
    errors: dict[str, str] = {}
    said: list[str] = []
    before = ""
    for block in view["blocks"]:
        if block["type"] == "input":
            before = block["block_id"].split("~")[0]
            fields[before] = _field(before, block)
            blocks[before] = block["block_id"]
        elif str(block.get("block_id", "")).startswith("problem"):
            errors[before] = words(_words(block).replace("⚠️", ""))
        else:
            said.append(_words(block))
    presses, _ = _buttons(view["blocks"])
    submit = view["submit"]["text"] if "submit" in view else None
    sends = submit
    if any(f"~{view['callback_id']}." not in block_id for block_id in blocks.values()):
        # One of the form's buttons stands where Slack wants a submit button.
        sends = None
    buttons = (*presses, *([submit] if submit is not None and sends is None else []))
    opened = Open(view, presses, blocks, submit)
    form = SeenForm(view["title"]["text"], words(" ".join(said)), fields, buttons, sends, opened)
    return form, errors


def state_of(form: SeenForm, shown: Mapping[str, str], id_of: Callable[[str], str]) -> dict[str, Any]:
    """Return the state of a modal's fields that show this."""
    reference: Open = form.reference
    elements = {block["block_id"]: block["element"] for block in reference.view["blocks"] if block["type"] == "input"}
    return {
        reference.blocks[key]: {"value": _state(elements[reference.blocks[key]], value, id_of)}
        for key, value in shown.items()
    }


def as_filled_in(view: Mapping[str, Any]) -> dict[str, Any]:
    """Return an open view with its fields as somebody has filled them in."""
    state = view["state"]["values"]
    blocks = [
        {**block, "element": as_filled(block["element"], state[block["block_id"]])}
        if block.get("block_id") in state
        else block
        for block in view["blocks"]
    ]
    return {**view, "blocks": blocks}


def _state(element: Block, value: str, id_of: Callable[[str], str]) -> dict[str, Any]:
    kind = element["type"]
    options = _options(element)
    match kind:
        case "plain_text_input":
            assert len(value) <= element["max_length"], (len(value), element)
            return {"type": kind, "value": value or None}
        case "radio_buttons" | "static_select":
            one = next((option for option in options if label_of(option) == value), None)
            return {"type": kind, "selected_option": one}
        case "multi_static_select":
            chosen = [option for option in options if label_of(option) in value.splitlines()]
            return {"type": kind, "selected_options": chosen}
        case "checkboxes":
            return {"type": kind, "selected_options": options if value == "yes" else []}
        case "datepicker":
            return {"type": kind, "selected_date": value or None}
        case "timepicker":
            return {"type": kind, "selected_time": value or None}
        case "file_input":
            return {"type": kind, "files": [{"id": value}] if value else []}
        case "users_select":
            return {"type": kind, "selected_user": id_of(value) if value else None}
        case _:
            raise AssertionError(kind)


def _field(key: str, block: Block) -> SeenField:
    element = block["element"]
    kind = KINDS[element["type"]]
    hint = block.get("hint", {}).get("text", "")
    options = tuple(label_of(option) for option in _options(element)) if kind in OFFERING else ()
    match kind:
        case FieldKind.TEXT:
            value = element.get("initial_value", "")
        case FieldKind.CHOICE:
            value = label_of(element["initial_option"]) if "initial_option" in element else ""
        case FieldKind.CHOICES:
            value = "\n".join(label_of(option) for option in element.get("initial_options", ()))
        case FieldKind.TICK:
            value = "yes" if element.get("initial_options") else ""
        case FieldKind.DAY:
            value = element.get("initial_date", "")
        case FieldKind.TIME:
            value = element.get("initial_time", "")
        case FieldKind.PICTURE:
            value = ""
        case FieldKind.PERSON:
            value = element.get("initial_user", "")[1:].lower()
    return SeenField(key, kind, block["label"]["text"], value, hint, options)


def _options(element: Block) -> list[Any]:
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def _buttons(blocks: Sequence[Block]) -> tuple[dict[str, Block], dict[str, str]]:
    elements = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    presses = {element["text"]["text"]: element for element in elements}
    questions = {
        element["text"]["text"]: element["confirm"]["text"]["text"] for element in elements if "confirm" in element
    }
    return presses, questions


def _is_offered_link(block: Block) -> bool:
    """Whether a block is a link that the bot offers: nothing else stands in it."""
    if block["type"] != "rich_text" or len(block["elements"]) != 1:
        return False
    inner = block["elements"][0].get("elements", [])
    return len(inner) == 1 and inner[0]["type"] == "link"


def _words(block: Block) -> str:
    match block["type"]:
        case "actions" | "divider" | "image":
            return ""
        case "header":
            return str(block["text"]["text"])
        case "context":
            return " ".join(element["text"] for element in block["elements"])
        case _:
            return " ".join(_rich(element) for element in block["elements"])


def _rich(element: Block) -> str:
    match element["type"]:
        case "text" | "link":
            return str(element["text"])
        case "rich_text_list":
            return " ".join(_rich(item) for item in element["elements"])
        case _:
            return "".join(_rich(inner) for inner in element["elements"])
