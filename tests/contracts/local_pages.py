"""Reads the local chat's HTML as a person reads its pages: messages, forms, errors. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tests.contracts.surface import FieldKind, SeenField, SeenForm, SeenMessage, words

# What stands in one line with the words around it; everything else stands apart from them.
INLINE = {"a", "b", "code", "del", "em", "i", "s", "strong", "u"}
WITHOUT_WORDS = {"button", "svg", "script", "style", "template"}


@dataclass(frozen=True)
class Here:
    """A message on a page: its id (None for Home), what its buttons send, by label, and where its links lead."""

    message: int | None
    presses: Mapping[str, Mapping[str, str]] = field(default_factory=dict, compare=False)
    addresses: Mapping[str, str] = field(default_factory=dict, compare=False)
    # The addresses of its pictures, each with its words.
    pictures: tuple[tuple[str, str], ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class Open:
    """An open dialog: what it sends besides its fields, what its buttons add, and its options' values by label."""

    hidden: Mapping[str, str]
    presses: Mapping[str, Mapping[str, str]]
    choices: Mapping[str, Mapping[str, str]]
    pictures: tuple[tuple[str, str], ...] = ()


def bot_articles(page: str, *, whispers: bool = True) -> list[SeenMessage]:
    """Return the bot's messages on a page, in order; in a channel those for everybody, or whispers too."""
    chosen = "article.by-bot" if whispers else "article.by-bot:not(.whisper)"
    return [_message(node) for node in LexborHTMLParser(page).css(chosen)]


def article(page: str, anchor: str) -> SeenMessage:
    """Return the message at a page's anchor, such as "m-12"."""
    return _message(_one(_root(page), f'article[id="{anchor}"]'))


def newest_id(page: str) -> int:
    """Return the id of the newest message on a page, whoever wrote it."""
    return max(_id(node) for node in LexborHTMLParser(page).css("article.message"))


def home_in(page: str) -> SeenMessage:
    """Return what the Home page shows."""
    return _seen(_one(_root(page), ".home"), None)


def form_in(dialog: str, people: Sequence[str]) -> SeenForm | None:
    """Return the form in a dialog's content; a list to open that offers these people asks for one of them."""
    form = LexborHTMLParser(dialog).css_first("form.form")
    if form is None:
        return None
    parts = _one(form, ".dialog-parts")
    nodes = parts.css("[data-field]")
    read = [_field(node, people) for node in nodes]
    presses = _presses(parts)
    pictures = _pictures(parts)
    submit = form.css_first(".dialog-foot button[type=submit]:not([hidden])")
    hidden = {_attribute(node, "name"): _attribute(node, "value") for node in form.css("input[type=hidden]")}
    choices = {seen.key: values for seen, values in read}
    for node in [*nodes, *parts.css(".problems")]:
        node.decompose()
    return SeenForm(
        title=words(_one(form, "#dialog-title").text()),
        text=_words_in(parts),
        fields={seen.key: seen for seen, _ in read},
        buttons=tuple(presses),
        submit=words(submit.text()) if submit is not None else None,
        reference=Open(hidden, presses, choices, pictures),
    )


def problems_in(answer: str) -> dict[str, str]:
    """Return the sentences about a form's fields, by key."""
    problems = LexborHTMLParser(answer).css("[data-problem]")
    return {_attribute(node, "data-problem"): words(node.text()) for node in problems}


def refilled(form: SeenForm, values: Mapping[str, str]) -> SeenForm:
    """Return a form that still stands, with what a person has filled in."""
    return replace(form, fields={key: replace(seen, value=values[key]) for key, seen in form.fields.items()})


def sent_by(form: SeenForm, shown: Mapping[str, str]) -> dict[str, str | list[str]]:
    """Return what a form's fields send when they show this; `shown` by key, as SeenField shows it."""
    sent: dict[str, str | list[str]] = {}
    for key, value in shown.items():
        if form.fields[key].kind is FieldKind.PICTURE:
            continue
        choices = form.reference.choices[key]
        if form.fields[key].kind is FieldKind.CHOICES:
            sent[f"field.{key}"] = [choices[label] for label in value.splitlines()]
            continue
        # A box that is not ticked, and radio buttons of which none is chosen, send nothing.
        if value or form.fields[key].kind not in (FieldKind.TICK, FieldKind.CHOICE):
            sent[f"field.{key}"] = choices.get(value, value)
    return sent


def _message(node: LexborNode) -> SeenMessage:
    return _seen(_one(node, ".message-body"), _id(node))


def _seen(body: LexborNode, message: int | None) -> SeenMessage:
    presses = _presses(body)
    buttons = body.css("button[hx-post]")
    questions = {
        words(node.text()): _attribute(node, "hx-confirm") for node in buttons if "hx-confirm" in node.attributes
    }
    addresses = {words(node.text()): _attribute(node, "href") for node in body.css(".part-link a")}
    for node in body.css(".part-link"):
        node.decompose()
    here = Here(message, presses, addresses, _pictures(body))
    return SeenMessage(_words_in(body), tuple(presses), tuple(addresses), questions, here)


def _pictures(node: LexborNode) -> tuple[tuple[str, str], ...]:
    found = node.css(".part-picture img")
    return tuple((_attribute(picture, "src"), _attribute(picture, "alt")) for picture in found)


def _presses(body: LexborNode) -> dict[str, dict[str, str]]:
    return {
        words(node.text()): {key: str(value) for key, value in json.loads(_attribute(node, "hx-vals")).items()}
        for node in body.css("button[hx-post]")
    }


def _field(node: LexborNode, people: Sequence[str]) -> tuple[SeenField, dict[str, str]]:
    """Return a field, and the values that its options send by their labels."""
    key = _attribute(node, "data-field")
    hint = node.css_first(".hint")
    kind, value, choices = _control(node, people)
    label = _one(node, "legend" if node.tag == "fieldset" else "label")
    shown = SeenField(
        key, kind, words(label.text()), value, words(hint.text()) if hint is not None else "", tuple(choices)
    )
    if kind is FieldKind.PERSON:
        return replace(shown, options=()), {name: name for name in people}
    return shown, choices


def _control(node: LexborNode, people: Sequence[str]) -> tuple[FieldKind, str, dict[str, str]]:
    ticked = node.css_first("input[type=checkbox]")
    if ticked is not None and node.tag != "fieldset":
        return FieldKind.TICK, "yes" if "checked" in ticked.attributes else "", {}
    area = node.css_first("textarea")
    if area is not None:
        return FieldKind.TEXT, area.text(), {}
    if node.tag == "fieldset":
        labels = {words(option.text()): _one(option, "input") for option in node.css("label")}
        chosen = [label for label, option in labels.items() if "checked" in option.attributes]
        offered = {label: _attribute(option, "value") for label, option in labels.items()}
        if ticked is not None:
            return FieldKind.CHOICES, "\n".join(chosen), offered
        return FieldKind.CHOICE, chosen[0] if chosen else "", offered
    if node.css_first("select") is not None:
        return _list_to_open(node, people)
    control = _one(node, "input")
    if _attribute(control, "type") == "file":
        return FieldKind.PICTURE, "", {}
    kind = {"text": FieldKind.TEXT, "date": FieldKind.DAY, "time": FieldKind.TIME}[_attribute(control, "type")]
    return kind, _attribute(control, "value"), {}


def _list_to_open(node: LexborNode, people: Sequence[str]) -> tuple[FieldKind, str, dict[str, str]]:
    options = node.css("option")
    offered = {words(option.text()): _attribute(option, "value") for option in options}
    chosen = [words(option.text()) for option in options if "selected" in option.attributes]
    # Without a chosen one, a browser shows the first.
    shown = chosen[0] if chosen else next(iter(offered), "")
    if set(offered.values()) - {""} == set(people):
        return FieldKind.PERSON, offered[shown], offered
    return FieldKind.CHOICE, shown, offered


def _words_in(node: LexborNode) -> str:
    return words(_text(node))


def _text(node: LexborNode) -> str:
    found: list[str] = []
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            found.append(child.text(deep=False) or "")
        elif child.tag not in WITHOUT_WORDS:
            inner = _text(child)
            found.append(inner if child.tag in INLINE else f" {inner} ")
    return "".join(found)


def _id(node: LexborNode) -> int:
    return int(_attribute(node, "id").rpartition("-")[2])


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""


def _one(node: LexborNode, selector: str) -> LexborNode:
    found = node.css_first(selector)
    assert found is not None, (selector, node.html)
    return found


def _root(page: str) -> LexborNode:
    root = LexborHTMLParser(page).root
    assert root is not None
    return root
