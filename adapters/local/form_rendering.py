"""The bot's forms as HTML, for the dialog: pure functions, field by field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from adapters.local.rendering import NOTHING, At, Viewer, render_part
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
    Buttons,
    Checks,
    Divider,
    Fields,
    Heading,
    Link,
    Picture,
    Shares,
    Style,
    Together,
    Words,
    Written,
)

# The names of the fields of a form, in front of their keys: so no key is taken for something of ours.
FIELD = "field."
# More options than this are shown as a list to open.
MOST_RADIO_BUTTONS = 4
FEWEST_ROWS = 4
ROWS_OF_A_LONG_TEXT = 6
LONG_TEXT = 5000
# What the browser offers to choose; whether it is one of these is told by its bytes.
ACCEPTED = "image/png,image/jpeg,image/gif,image/webp"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a form was asked for: a channel's external id (empty: the conversation with the bot), and a thread."""

    channel: str = ""
    thread: str = ""


def render_form(form: Form, viewer: Viewer, origin: Origin) -> Markup:
    """Return a form as HTML; what it says when it is sent is read by `acts.form`."""
    has_picture = any(isinstance(part, PictureField) for part in form.parts)
    parts = NOTHING.join(_part(part, viewer) for part in form.parts)
    return Markup(
        '<form class="form" hx-post="{}/form" hx-target="#dialog-body" novalidate data-act autocomplete="off"{}>'
        '<header class="dialog-head"><h2 id="dialog-title" tabindex="-1">{}</h2></header>'
        '<div class="dialog-parts"><ul class="problems" role="alert" hidden></ul>{}</div>'
        '<footer class="dialog-foot">{}<button type="button" class="button" data-close>{}</button></footer>'
        '<input type="hidden" name="action" value="{}"><input type="hidden" name="row" value="{}">'
        '<input type="hidden" name="version" value="{}"><input type="hidden" name="channel" value="{}">'
        '<input type="hidden" name="thread" value="{}"></form>'
    ).format(
        viewer.base,
        Markup(' hx-encoding="multipart/form-data"') if has_picture else NOTHING,
        form.title,
        parts,
        _submit(form.submit, form.submit_style),
        form.cancel,
        form.action,
        form.target.row,
        form.target.version,
        origin.channel,
        origin.thread,
    )


def _submit(label: str | None, style: Style) -> Markup:
    if label is None:
        # A disabled default button keeps the Enter key from sending a form that only its buttons lead on from.
        return Markup('<button type="submit" disabled hidden></button>')
    return Markup('<button type="submit" class="button {}">{}</button>').format(style, label)


def _part(part: FormPart, viewer: Viewer) -> Markup:
    match part:
        case (
            TextField()
            | ChoiceField()
            | ChoicesField()
            | TickField()
            | DayField()
            | TimeField()
            | PersonField()
            | PictureField()
        ):
            return _field(part, viewer)
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
            return render_part(part, viewer, At(in_form=True))
        case _:
            assert_never(part)


def _field(field: FormField, viewer: Viewer) -> Markup:
    match field:
        case TextField() if field.multiline:
            rows = ROWS_OF_A_LONG_TEXT if field.max_length > LONG_TEXT else FEWEST_ROWS
            # The parser drops one newline after the tag, so that one of the person's own would be lost.
            control = Markup('<textarea {} rows="{}" maxlength="{}">\n{}</textarea>').format(
                _about(field.key, field.hint, required=field.required), rows, field.max_length, field.value
            )
            return _labelled(field.key, field.label, field.hint, control)
        case TextField():
            control = Markup('<input type="text" {} maxlength="{}" value="{}">').format(
                _about(field.key, field.hint, required=field.required), field.max_length, field.value
            )
            return _labelled(field.key, field.label, field.hint, control)
        case DayField() | TimeField():
            control = Markup('<input type="{}" {} value="{}">').format(
                "date" if isinstance(field, DayField) else "time",
                _about(field.key, field.hint, required=field.required),
                field.value,
            )
            return _labelled(field.key, field.label, field.hint, control)
        case TickField():
            return Markup(
                '<div class="field tick" data-field="{}"><label><input type="checkbox" {} value="yes"{}>'
                "<span>{}</span></label>{}</div>"
            ).format(
                field.key,
                _about(field.key, field.hint),
                Markup(" checked") if field.value else NOTHING,
                field.label,
                _hint(field.key, field.hint),
            )
        case ChoiceField() if len(field.options) <= MOST_RADIO_BUTTONS:
            return _group_of(field, "radio", {field.value})
        case ChoiceField():
            offered = [(option.value, option.label) for option in field.options]
            return _list_to_open(field, offered)
        case ChoicesField():
            return _group_of(field, "checkbox", set(several(field.value)))
        case PictureField():
            control = Markup('<input type="file" accept="{}" {}>').format(ACCEPTED, _about(field.key, field.hint))
            return _labelled(field.key, field.label, field.hint, control)
        case PersonField():
            return _list_to_open(field, [("", viewer.say("Choose a person")), *viewer.people])
        case _:
            assert_never(field)


def _list_to_open(field: ChoiceField | PersonField, offered: Sequence[tuple[str, str]]) -> Markup:
    options = NOTHING.join(
        Markup('<option value="{}"{}>{}</option>').format(
            value, Markup(" selected") if value == field.value else NOTHING, label
        )
        for value, label in offered
    )
    control = Markup("<select {}>{}</select>").format(_about(field.key, field.hint, required=field.required), options)
    return _labelled(field.key, field.label, field.hint, control)


def _group_of(field: ChoiceField | ChoicesField, control: str, chosen: set[str]) -> Markup:
    """Return radio buttons, or boxes to tick, for what is offered; several that are ticked are sent under one name."""
    options = NOTHING.join(
        Markup('<label><input type="{}" name="{}{}" value="{}"{}><span>{}</span></label>').format(
            control,
            FIELD,
            field.key,
            option.value,
            Markup(" checked") if option.value in chosen else NOTHING,
            option.label,
        )
        for option in field.options
    )
    described = Markup(' aria-describedby="hint-{}"').format(field.key) if field.hint else NOTHING
    return Markup(
        '<fieldset class="field {}" data-field="{}"{}><legend>{}</legend><div class="options">{}</div>{}</fieldset>'
    ).format(
        "choice" if isinstance(field, ChoiceField) else "choices",
        field.key,
        described,
        field.label,
        options,
        _hint(field.key, field.hint),
    )


def _about(key: str, hint: str, *, required: bool = False) -> Markup:
    """Return what every control carries: its id and name, and what describes it."""
    described = Markup(' aria-describedby="hint-{}"').format(key) if hint else NOTHING
    needed = Markup(' aria-required="true"') if required else NOTHING
    return Markup('id="field-{}" name="{}{}"{}{}').format(key, FIELD, key, described, needed)


def _labelled(key: str, label: str, hint: str, control: Markup) -> Markup:
    return Markup('<div class="field" data-field="{}"><label for="field-{}">{}</label>{}{}</div>').format(
        key, key, label, control, _hint(key, hint)
    )


def _hint(key: str, hint: str) -> Markup:
    return Markup('<p class="hint" id="hint-{}">{}</p>').format(key, hint) if hint else NOTHING
