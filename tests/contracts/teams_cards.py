"""Reads Adaptive Cards as a person reads them in Teams: messages, forms, errors. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.contracts.surface import FieldKind, SeenField, SeenForm, SeenMessage, words

Json = dict[str, Any]

KINDS = {
    "Input.Text": FieldKind.TEXT,
    "Input.ChoiceSet": FieldKind.CHOICE,
    "Input.Toggle": FieldKind.TICK,
    "Input.Date": FieldKind.DAY,
    "Input.Time": FieldKind.TIME,
}


@dataclass(frozen=True)
class Stood:
    """A card that somebody has seen: where it stands (None: in a dialog, or seen once), and what it holds."""

    conversation: str
    key: str | None
    presses: Mapping[str, Json] = field(default_factory=dict, compare=False)
    addresses: Mapping[str, str] = field(default_factory=dict, compare=False)
    inputs: Sequence[Json] = field(default=(), compare=False)
    # Forms in dialogs are sent by another invoke than those in messages.
    in_dialog: bool = field(default=False, compare=False)
    invoke: str = field(default="", compare=False)
    # The addresses of its pictures, each with its words.
    pictures: tuple[tuple[str, str], ...] = field(default=(), compare=False)


def is_form(card: Json) -> bool:
    """Whether a card asks for something."""
    return any(element.get("id") == "form" for element in _all(card))


def message_in(card: Json, where: Stood) -> SeenMessage:
    """Return a card as a message."""
    presses, questions = _presses(card)
    addresses = dict(_links(card))
    stood = Stood(where.conversation, where.key, presses, addresses, invoke=where.invoke, pictures=_pictures(card))
    return SeenMessage(_text(card), tuple(presses), tuple(addresses), questions, stood)


def form_in(card: Json, where: Stood, people: Mapping[str, str], title: str | None = None) -> SeenForm:
    """Return a card as a form; `people` are names by the platform's id, `title` a dialog's own."""
    presses, _ = _presses(card)
    inputs = [element for element in _all(card) if str(element.get("type", "")).startswith("Input.")]
    seen = [_field(card, element, people) for element in inputs if element.get("isVisible", True)]
    labels = tuple(presses)
    # The last of the primary buttons that stands by itself sends the form; ours have it at the end.
    last = _last_action(card)
    submit = (
        words(_whole_label(last)) if last is not None and last.get("style") in ("positive", "destructive") else None
    )
    heading = _heading(card)
    text = _text(card, with_links=True)
    shown_title = heading if title is None or title.endswith("…") else title
    if heading and text.startswith(heading) and (title is None or title.endswith("…")):
        text = text.removeprefix(heading).strip()
    return SeenForm(
        title=shown_title,
        text=text,
        fields={one.key: one for one in seen},
        buttons=tuple(label for label in labels if label != submit),
        submit=submit,
        reference=Stood(
            where.conversation, where.key, presses, {}, inputs, where.in_dialog, where.invoke, _pictures(card)
        ),
    )


def _pictures(card: Json) -> tuple[tuple[str, str], ...]:
    shown = [element for element in _all(card["body"]) if element.get("type") == "Image"]
    return tuple((element["url"], element["altText"]) for element in shown)


def errors_in(card: Json) -> dict[str, str]:
    """Return the sentences that stand at fields, by the fields' keys; those of the whole form under ""."""
    found: dict[str, str] = {}
    body = card["body"]
    for number, element in enumerate(body):
        said = _plain(element)
        if said.startswith("⚠ "):
            following = body[number + 1] if number + 1 < len(body) else {}
            found[_key(following.get("id", ""))] = said.removeprefix("⚠ ")
    return found


def sent_by(form: SeenForm, shown: Mapping[str, str], ids: Mapping[str, str]) -> dict[str, str]:
    """Return what a client sends of a form's inputs; `ids` are people's ids by name."""
    sent: dict[str, str] = {}
    for element in form.reference.inputs:
        name = element["id"]
        key = _key(name)
        if not element.get("isVisible", True):
            sent[name] = element["value"]
        elif element["type"] == "Input.Toggle":
            sent[name] = element["valueOn"] if shown[key] == "yes" else element["valueOff"]
        elif "choices.data" in element:
            sent[name] = ids.get(shown[key], shown[key]) or element["choices"][0]["value"]
        elif element.get("isMultiSelect"):
            chosen = shown[key].splitlines()
            sent[name] = ",".join(one["value"] for one in element["choices"] if words(one["title"]) in chosen)
        elif element["type"] == "Input.ChoiceSet":
            values = {words(choice["title"]): choice["value"] for choice in element["choices"]}
            sent[name] = values.get(shown[key], "")
        elif shown[key]:
            # An input that holds nothing is sent as nothing.
            sent[name] = shown[key]
    return sent


def _field(card: Json, element: Json, people: Mapping[str, str]) -> SeenField:
    key, kind, value = _key(element["id"]), KINDS[element["type"]], str(element.get("value", ""))
    options: tuple[str, ...] = ()
    if "choices.data" in element:
        kind, value = FieldKind.PERSON, people.get(value, value.removeprefix("="))
    elif element.get("isMultiSelect"):
        kind = FieldKind.CHOICES
        labels = {choice["value"]: words(choice["title"]) for choice in element["choices"]}
        chosen = value.split(",")
        options, value = tuple(labels.values()), "\n".join(labels[one] for one in labels if one in chosen)
    elif kind is FieldKind.CHOICE:
        labels = {choice["value"]: words(choice["title"]) for choice in element["choices"]}
        options, value = tuple(labels.values()), labels.get(value, "")
    elif kind is FieldKind.TICK:
        value = "yes" if value == element["valueOn"] else ""
    label = str(element.get("label", element.get("title", "")))
    return SeenField(key, kind, words(label), value, _hint(card, element), options)


def _hint(card: Json, element: Json) -> str:
    body = card["body"]
    found: list[str] = []
    for following in body[body.index(element) + 1 :]:
        inlines = following.get("inlines", ())
        if following.get("spacing") != "None" or not inlines:
            break
        found.append(_plain(following))
    return words(" ".join(found))


def _key(name: str) -> str:
    return name.partition(".")[2]


def _all(element: Any) -> Iterator[Json]:
    if isinstance(element, list):
        for each in element:
            yield from _all(each)
    elif isinstance(element, dict):
        yield element
        for name, value in element.items():
            if name not in ("data", "choices"):
                yield from _all(value)


def _actions(card: Json) -> Iterator[Json]:
    for element in _all(card["body"]):
        if element.get("type") == "ActionSet":
            yield from element["actions"]


def _last_action(card: Json) -> Json | None:
    actions = list(_actions(card))
    sets = [element for element in card["body"] if element.get("type") == "ActionSet"]
    return actions[-1] if sets and len(sets[-1]["actions"]) == 1 else None


def _presses(card: Json) -> tuple[dict[str, Json], dict[str, str]]:
    presses: dict[str, Json] = {}
    questions: dict[str, str] = {}
    for action in _actions(card):
        label = words(_whole_label(action))
        if action["type"] == "Action.ShowCard":
            questions[label] = _text(action["card"])
            [presses[label]] = action["card"]["actions"]
        else:
            presses[label] = action
    return presses, questions


def _whole_label(action: Json) -> str:
    return str(action.get("tooltip", action["title"]))


def _links(card: Json) -> Iterator[tuple[str, str]]:
    """Yield the links that the bot offers: those that are a block of their own."""
    for element in _all(card["body"]):
        inlines = element.get("inlines", ())
        if len(inlines) == 1 and "selectAction" in inlines[0] and element.get("spacing") == "Medium":
            yield words(inlines[0]["text"]), inlines[0]["selectAction"]["url"]


def _heading(card: Json) -> str:
    first = card["body"][0]
    return _plain(first) if first.get("inlines", [{}])[0].get("size") == "Large" else ""


def _plain(element: Json) -> str:
    return "".join(inline["text"] for inline in element.get("inlines", ()))


def _text(card: Json, *, with_links: bool = False) -> str:
    links = set() if with_links else {label for label, _ in _links(card)}
    body = card["body"]
    hints = {id(line) for element in body if "id" in element for line in _hint_lines(body, element)}
    said = [
        _plain(element) for element in _all(body) if element.get("type") == "RichTextBlock" and id(element) not in hints
    ]
    return words(" ".join(line for line in said if words(line) not in links and not line.startswith("⚠ ")))


def _hint_lines(body: Sequence[Json], element: Json) -> Iterator[Json]:
    for following in body[list(body).index(element) + 1 :]:
        if following.get("spacing") != "None" or not following.get("inlines"):
            return
        yield following
