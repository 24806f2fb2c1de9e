"""The bot's forms as HTML without a script, for one's own page: pure functions, field by field.

What each form carries besides its fields: the session's token, the button that opened it, the version that it is of,
and a word of its own, by which being sent twice counts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from markupsafe import Markup

from adapters.pages.parts import render
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
    Part,
    Picture,
    Shares,
    Style,
    Target,
    Together,
    Words,
    Written,
    buttons_of,
)
from bot.texts import Voice

# The names of the fields of a form, in front of their keys: so no key is taken for something of ours.
FIELD: Final = "field."
# More options than this are shown as a list to open.
_MOST_RADIO_BUTTONS: Final = 6
_ROWS: Final = 4

_NOTHING = Markup()


@dataclass(frozen=True, slots=True)
class Carried:
    """What a form carries besides its fields. `errors` are the sentences at its fields, where it comes back."""

    token: str
    opened_by: str
    once: str
    errors: Mapping[str, str]


def presses_of(form: Form) -> Mapping[str, Target]:
    """Return what can be pressed in a form, by action name: sending it, and its buttons."""
    shown = [part for part in form.parts if not isinstance(part, FormField)]
    within = {button.action: button.target for button in buttons_of(shown)}
    return {**within, form.action: form.target} if form.submit is not None else within


def render_form(form: Form, carried: Carried, say: Voice) -> Markup:
    """Return a form as HTML; the first field that has an error is where the page begins to be read."""
    keys = [part.key for part in form.parts if isinstance(part, FormField)]
    first_wrong = next((key for key in keys if key in carried.errors), None)
    parts = _NOTHING.join(_part(part, carried, first_wrong, say) for part in form.parts)
    elsewhere = [sentence for key, sentence in carried.errors.items() if key not in keys]
    loose = _NOTHING.join(Markup('<p class="error">{}</p>').format(sentence) for sentence in elsewhere)
    submit = (
        Markup('<button class="button {}" name="press" value="{}">{}</button>').format(
            form.submit_style, form.action, form.submit
        )
        if form.submit is not None
        else _NOTHING
    )
    return Markup(
        '<form class="form" method="post" action="/me/send" novalidate autocomplete="off">{}{}{}{}{}{}'
        '<div class="buttons">{}<a class="button" href="/me">{}</a></div></form>'
    ).format(
        loose,
        parts,
        _hidden("token", carried.token),
        _hidden("opened", carried.opened_by),
        _hidden("version", str(form.target.version)),
        _hidden("once", carried.once),
        submit,
        form.cancel,
    )


def _hidden(name: str, value: str) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)


def _part(part: FormPart, carried: Carried, first_wrong: str | None, say: Voice) -> Markup:
    match part:
        case TextField() | ChoiceField() | ChoicesField() | TickField() | DayField() | TimeField():
            return _field(part, carried.errors.get(part.key, ""), say, is_first_wrong=part.key == first_wrong)
        case PersonField() | PictureField():
            return _field(part, "", say, is_first_wrong=False)
        case Buttons():
            return Markup('<div class="buttons">{}</div>').format(_NOTHING.join(map(_button, part.buttons)))
        case (
            Heading()
            | Words()
            | Written()
            | Fields()
            | Checks()
            | Shares()
            | Link()
            | Together()
            | Appointment()
            | Divider()
            | Picture()
        ):
            shown: Part = part
            return render([shown], carried.token, say)
        case _:
            assert_never(part)


def _button(button: Button) -> Markup:
    style = " danger" if button.style == Style.DANGER else ""
    return Markup('<button class="button{}" name="press" value="{}">{}</button>').format(
        style, button.action, button.label
    )


def _field(field: FormField, error: str, say: Voice, *, is_first_wrong: bool) -> Markup:
    about = _about(field.key, field.hint, error, is_first_wrong=is_first_wrong)
    match field:
        case TextField() if field.multiline:
            # The parser drops one newline after the tag, so that one of the person's own would be lost.
            control = Markup('<textarea {}{} rows="{}" maxlength="{}">\n{}</textarea>').format(
                about, _needed(is_needed=field.required), _ROWS, field.max_length, field.value
            )
        case TextField():
            control = Markup('<input type="text" {}{} maxlength="{}" value="{}">').format(
                about, _needed(is_needed=field.required), field.max_length, field.value
            )
        case DayField() | TimeField():
            control = Markup('<input type="{}" {}{} value="{}">').format(
                "date" if isinstance(field, DayField) else "time",
                about,
                _needed(is_needed=field.required),
                field.value,
            ) + _in_words(field, say)
        case TickField():
            ticked = Markup(" checked") if field.value else _NOTHING
            return Markup(
                '<div class="field"><label class="tick"><input type="checkbox" {} value="yes"{}><span>{}</span></label>'
                "{}</div>"
            ).format(about, ticked, field.label, _beside(field.key, field.hint, error))
        case ChoiceField() if len(field.options) <= _MOST_RADIO_BUTTONS:
            return _group_of(field, "radio", {field.value}, error, is_first_wrong=is_first_wrong)
        case ChoicesField():
            return _group_of(field, "checkbox", set(several(field.value)), error, is_first_wrong=is_first_wrong)
        case ChoiceField():
            options = _NOTHING.join(
                Markup('<option value="{}"{}>{}</option>').format(
                    option.value, Markup(" selected") if option.value == field.value else _NOTHING, option.label
                )
                for option in field.options
            )
            control = Markup("<select {}>{}</select>").format(about, options)
        case PersonField() | PictureField():
            # Choosing a person or a picture is left to the chat, which knows how.
            where = say("In the chat, by {/samlas me}: {what}.", what=field.label)
            return Markup('<p class="quiet">{}</p>').format(where)
        case _:
            assert_never(field)
    return Markup('<div class="field"><label for="field-{}">{}</label>{}{}</div>').format(
        field.key, field.label, control, _beside(field.key, field.hint, error)
    )


def _group_of(
    field: ChoiceField | ChoicesField, control: str, chosen: set[str], error: str, *, is_first_wrong: bool
) -> Markup:
    """Return radio buttons, or boxes to tick, for what is offered; several that are ticked are sent under one name."""
    options = _NOTHING.join(
        Markup('<label class="tick"><input type="{}" name="{}{}" value="{}"{}{}><span>{}</span></label>').format(
            control,
            FIELD,
            field.key,
            option.value,
            Markup(" checked") if option.value in chosen else _NOTHING,
            Markup(" autofocus") if is_first_wrong and number == 0 else _NOTHING,
            option.label,
        )
        for number, option in enumerate(field.options)
    )
    return Markup('<fieldset class="field"{}><legend>{}</legend><div class="options">{}</div>{}</fieldset>').format(
        _described(field.key, field.hint, error), field.label, options, _beside(field.key, field.hint, error)
    )


def _about(key: str, hint: str, error: str, *, is_first_wrong: bool) -> Markup:
    """Return what every control carries: its id and name, what describes it, and whether it is wrong."""
    wrong = Markup(' aria-invalid="true"') if error else _NOTHING
    here = Markup(" autofocus") if is_first_wrong else _NOTHING
    return Markup('id="field-{}" name="{}{}"{}{}{}').format(key, FIELD, key, _described(key, hint, error), wrong, here)


def _needed(*, is_needed: bool) -> Markup:
    return Markup(' aria-required="true"') if is_needed else _NOTHING


def _described(key: str, hint: str, error: str) -> Markup:
    ids = [f"{kind}-{key}" for kind, words in (("error", error), ("hint", hint)) if words]
    return Markup(' aria-describedby="{}"').format(" ".join(ids)) if ids else _NOTHING


def _in_words(field: DayField | TimeField, say: Voice) -> Markup:
    """Return what a field holds as the person writes it: the control itself goes by the browser's language."""
    match field:
        case _ if not field.value:
            return _NOTHING
        case DayField():
            try:
                words = say.iso_day(field.value)
            except ValueError:
                # What somebody sent who has no such control, and is told so.
                return _NOTHING
        case TimeField():
            words = field.value
        case _:
            assert_never(field)
    return Markup('<p class="quiet">{}</p>').format(say("As it stands now: {value}", value=words))


def _beside(key: str, hint: str, error: str) -> Markup:
    """Return the sentence of what is wrong with a field, and its hint."""
    told = Markup('<p class="error" id="error-{}">{}</p>').format(key, error) if error else _NOTHING
    return told + (Markup('<p class="quiet" id="hint-{}">{}</p>').format(key, hint) if hint else _NOTHING)
