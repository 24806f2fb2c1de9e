"""The bot's forms as Adaptive Cards: in a dialog, or in the place of a message where Teams opens none. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, assert_never

from adapters.teams import blocks
from adapters.teams.blocks import Fullness, Pen
from adapters.teams.cards import attachment, fitting
from adapters.teams.form_json import pack
from adapters.teams.limits import LONGEST_TITLE, MOST_RADIO_BUTTONS
from adapters.teams.markdown import Element, block, run
from adapters.teams.pressing import CHOICE, CHOICES, CHOSEN, FIELD, FORM, NOT_TICKED, TICK, TICKED, Whence, data_of
from bot.forms import (
    ChoiceField,
    ChoicesField,
    DayField,
    Form,
    FormField,
    FormPart,
    PersonField,
    PictureField,
    TextField,
    TickField,
    TimeField,
    several,
)
from bot.messages import (
    Appointment,
    Button,
    Buttons,
    Checks,
    Divider,
    Fields,
    Heading,
    Link,
    Picture,
    Shares,
    Together,
    Words,
    Written,
)
from bot.texts import Voice

# Errors that belong to no field of the form stand above it, under this key.
WHOLE: Final = ""
# What an input of a card asks for.
Asked = TextField | ChoiceField | ChoicesField | TickField | DayField | TimeField | PersonField
# The choice of nobody, in every language.
NOBODY: Final = "---"


class Shown(Enum):
    """Where a form is shown: its buttons are submitted in a dialog and executed in a message."""

    DIALOG = "dialog"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Showing:
    """How forms are shown to somebody: where, in which language, and where they asked for it."""

    shown: Shown
    say: Voice
    whence: Whence | None = None


def form_card(form: Form, showing: Showing, errors: Mapping[str, str] | None = None) -> Element:
    """Return a form as a card; each of `errors` stands at its field, by key."""
    problems = dict(errors or {})
    keys = {part.key for part in form.parts if isinstance(part, FormField)}
    loose = [sentence for key, sentence in problems.items() if key not in keys]
    structure = {"type": "Input.Text", "id": FORM, "isVisible": False, "value": pack(form)}

    def draw(button: Button) -> Element:
        data = data_of(button.action, button.target, showing.whence)
        if showing.shown is Shown.DIALOG:
            return blocks.confirmed(button, {"type": "Action.Submit", "data": data})
        return blocks.confirmed(button, {"type": "Action.Execute", "verb": button.action, "data": data})

    def body(fullness: Fullness) -> list[Element]:
        pen = Pen(draw, showing.say, fullness)
        parts: list[tuple[bool, list[Element]]] = []
        if showing.shown is Shown.MESSAGE or len(form.title) > LONGEST_TITLE:
            # A dialog has its title in its frame, if there is room for it.
            parts.append((False, [block([run(form.title, weight="Bolder", size="Large")])]))
        parts.extend((False, [_problem(sentence)]) for sentence in loose)
        parts.extend((isinstance(part, Divider), _elements(part, problems, pen)) for part in form.parts)
        if form.submit is not None:
            submit = Button(form.submit, form.action, form.target, form.submit_style)
            parts.append((False, [{"type": "ActionSet", "actions": [draw(submit)]}]))
        return [*blocks.divided(parts), structure]

    # A form is the whole of something already, so it has no way to more.
    more = block([run(showing.say("There is more than Teams can show here."), isSubtle=True)])
    return fitting(body, form.title, more)


def dialog(form: Form, say: Voice, whence: Whence | None, errors: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return what Teams is told to show in a dialog."""
    return {
        "type": "continue",
        "value": {
            "title": blocks.shortened(form.title, LONGEST_TITLE),
            "width": "large",
            "height": "large",
            "card": attachment(form_card(form, Showing(Shown.DIALOG, say, whence), errors)),
        },
    }


def _elements(part: FormPart, problems: Mapping[str, str], pen: Pen) -> list[Element]:
    match part:
        case PictureField():
            return _where_to_send(part, problems.get(part.key), pen)
        case TextField() | ChoiceField() | ChoicesField() | TickField() | DayField() | TimeField() | PersonField():
            return _field(part, problems.get(part.key), pen)
        case (
            Heading()
            | Words()
            | Written()
            | Fields()
            | Checks()
            | Shares()
            | Buttons()
            | Link()
            | Together()
            | Appointment()
            | Divider()
            | Picture()
        ):
            return blocks.elements(part, pen)
        case _:
            assert_never(part)


def _where_to_send(field: PictureField, problem: str | None, pen: Pen) -> list[Element]:
    """Return how a picture comes in here: a dialog of Teams takes no files."""
    way = pen.say("Save this as a draft, then send the picture to me in our chat: I ask which announcement it is for.")
    drawn = [{**block([run(field.label, weight="Bolder")]), "spacing": "Medium"}]
    drawn.extend({**line, "spacing": "None"} for line in pen.lines(f"{way} {field.hint}", isSubtle=True, size="Small"))
    return drawn if problem is None else [_problem(problem), *drawn]


def _field(field: Asked, problem: str | None, pen: Pen) -> list[Element]:
    drawn = [{**_control(field), "spacing": "Medium"}]
    if problem is not None:
        drawn.insert(0, _problem(problem))
    if field.hint:
        drawn.extend({**line, "spacing": "None"} for line in pen.lines(field.hint, isSubtle=True, size="Small"))
    return drawn


def _problem(sentence: str) -> Element:
    return block([run(f"⚠ {sentence}", color="Attention", weight="Bolder")])


def _control(field: Asked) -> Element:
    match field:
        case TextField():
            drawn: Element = {"type": "Input.Text", "maxLength": field.max_length}
            if field.multiline:
                drawn["isMultiline"] = True
        case ChoiceField():
            return {
                "type": "Input.ChoiceSet",
                "id": f"{CHOICE}{field.key}",
                "label": field.label,
                "value": f"{CHOSEN}{field.value}",
                "style": "expanded" if len(field.options) <= MOST_RADIO_BUTTONS else "compact",
                "wrap": True,
                "choices": [_choice(option.label, option.value) for option in field.options],
            }
        case ChoicesField():
            return {
                "type": "Input.ChoiceSet",
                "id": f"{CHOICES}{field.key}",
                "label": field.label,
                "value": ",".join(f"{CHOSEN}{value}" for value in several(field.value)),
                "style": "expanded",
                "isMultiSelect": True,
                "wrap": True,
                "choices": [_choice(option.label, option.value) for option in field.options],
            }
        case TickField():
            return {
                "type": "Input.Toggle",
                "id": f"{TICK}{field.key}",
                "title": field.label,
                "value": TICKED if field.value else NOT_TICKED,
                "valueOn": TICKED,
                "valueOff": NOT_TICKED,
                "wrap": True,
            }
        case DayField():
            drawn = {"type": "Input.Date"}
        case TimeField():
            drawn = {"type": "Input.Time"}
        case PersonField():
            # Teams' own people picker; what it brings is the person's id in the organisation's directory. It adds to
            # the choices that are there, of which there has to be one: nobody.
            return {
                "type": "Input.ChoiceSet",
                "id": f"{CHOICE}{field.key}",
                "label": field.label,
                "value": field.value or CHOSEN,
                "style": "compact",
                "choices": [_choice(NOBODY, "")],
                "choices.data": {"type": "Data.Query", "dataset": "graph.microsoft.com/users"},
            }
        case _:
            assert_never(field)
    drawn |= {"id": f"{FIELD}{field.key}", "label": field.label}
    if field.value:
        drawn["value"] = field.value
    return drawn


def _choice(label: str, value: str) -> Element:
    # Teams takes no choice without a title.
    return {"title": label.strip() or "…", "value": f"{CHOSEN}{value}"}
