"""The bot's messages as HTML: pure functions, part by part. Everything is escaped unless it is Markdown."""

import json
from dataclasses import dataclass
from typing import assert_never

from markupsafe import Markup

from adapters.local.gateway import LINK
from adapters.local.markdown import written
from bot.addresses import may_be_followed
from bot.calendar_file import NAME
from bot.directions import closed
from bot.messages import (
    Appointment,
    Button,
    Buttons,
    Check,
    Checks,
    Divider,
    Fields,
    Heading,
    Link,
    Mark,
    Message,
    Part,
    Picture,
    Share,
    Shares,
    Style,
    Together,
    Tone,
    Words,
    Written,
)
from bot.texts import Voice

NOTHING = Markup()
SIGNS = {Mark.DONE: "check", Mark.OPEN: "circle-dashed", Mark.NO: "x"}


@dataclass(frozen=True, slots=True)
class At:
    """Where a part stands, which its buttons tell: in a message, on Home (no message), or in an open form."""

    message: int | None = None
    in_form: bool = False


@dataclass(frozen=True, slots=True)
class Viewer:
    """For whom something is drawn: the beginning of their addresses ("/local/as/anna") and their voice.

    `people` are those to choose from where a form asks for one: external id and name.
    """

    base: str
    say: Voice
    people: tuple[tuple[str, str], ...] = ()


def render(message: Message, viewer: Viewer, at: At) -> Markup:
    """Return a message as HTML."""
    return NOTHING.join(render_part(part, viewer, at) for part in message.parts)


def render_part(part: Part, viewer: Viewer, at: At) -> Markup:  # noqa: C901, PLR0912 - one case for each part
    """Return one part as HTML. A button in a form brings the form's fields."""
    match part:
        case Heading():
            return Markup('<p class="part-heading">{}</p>').format(closed(part.text))
        case Words():
            return _words(part)
        case Written():
            return Markup('<div class="written">{}</div>').format(written(part.markdown))
        case Fields():
            rows = NOTHING.join(
                Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(closed(field.label), closed(field.value))
                for field in part.fields
            )
            return Markup('<dl class="part-fields">{}</dl>').format(rows)
        case Checks():
            return Markup('<ul class="part-checks">{}</ul>').format(
                NOTHING.join(_check(check, viewer.say) for check in part.checks)
            )
        case Shares():
            return _shares(part)
        case Buttons():
            return Markup('<div class="part-buttons">{}</div>').format(
                NOTHING.join(_button(button, viewer, at) for button in part.buttons)
            )
        case Link():
            return _link(part, viewer)
        case Together():
            return NOTHING if part.url is None else _link(Link(part.label, part.url), viewer)
        case Appointment():
            return _appointment(part, viewer, at)
        case Divider():
            return Markup('<hr class="part-divider">')
        case Picture():
            shown = Markup('<p class="part-picture"><img src="{}" alt="{}" width="{}" height="{}" loading="lazy"></p>')
            return shown.format(part.path, closed(part.alt), part.width, part.height)
        case _:
            assert_never(part)


def icon(name: str) -> Markup:
    """Return one of the icons in templates/_icons.html; what it means has to stand beside it in words."""
    return Markup('<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>').format(name)


def _words(part: Words) -> Markup:
    lines = Markup("<br>").join(closed(part.text).splitlines())
    match part.tone:
        case Tone.PLAIN:
            return Markup('<p class="part-words">{}</p>').format(lines)
        case Tone.STRONG:
            return Markup('<p class="part-words"><strong>{}</strong></p>').format(lines)
        case Tone.QUIET:
            return Markup('<p class="part-words quiet">{}</p>').format(lines)
        case _:
            assert_never(part.tone)


def _check(check: Check, say: Voice) -> Markup:
    detail = Markup('<span class="quiet">{}</span>').format(closed(check.detail)) if check.detail else NOTHING
    return Markup(
        '<li class="check check-{}"><span class="sign">{}</span>'
        '<span class="check-text"><span>{}</span>{}</span><span class="check-mark">{}</span></li>'
    ).format(check.mark.value, icon(SIGNS[check.mark]), closed(check.label), detail, say.say(check.mark.words))


def _shares(part: Shares) -> Markup:
    """Draw a bar whose legend says it all in words, so that the bar itself is for eyes only."""
    bars: list[Markup] = []
    legend: list[Markup] = []
    before = 0
    for number, share in enumerate(part.shares):
        if share.count:
            bars.append(
                Markup('<rect class="share-{}" x="{}" y="0" width="{}" height="1"/>').format(
                    number, before, share.count
                )
            )
        before += share.count
        legend.append(_legend(share, number))
    return Markup(
        '<figure class="part-shares"><figcaption>{}</figcaption>'
        '<svg class="bar" viewBox="0 0 {} 1" preserveAspectRatio="none" aria-hidden="true" focusable="false">{}</svg>'
        "<ul>{}</ul></figure>"
    ).format(closed(part.label), max(part.total, 1), NOTHING.join(bars), NOTHING.join(legend))


def _legend(share: Share, number: int) -> Markup:
    note = Markup('<span class="quiet">{}</span>').format(closed(share.note)) if share.note else NOTHING
    return Markup('<li><span class="swatch share-{}"></span><b>{}</b> <span>{}</span>{}</li>').format(
        number, share.count, closed(share.label), note
    )


def _button(button: Button, viewer: Viewer, at: At) -> Markup:
    about: dict[str, object] = {
        "action": button.action,
        "row": button.target.row,
        "version": button.target.version,
    }
    if at.message is not None:
        about["message"] = at.message
    confirm = Markup(' hx-confirm="{}"').format(button.confirm) if button.confirm else NOTHING
    look = {Style.PLAIN: "", Style.PRIMARY: " primary", Style.DANGER: " danger"}[button.style]
    return Markup(
        '<button type="button" class="button{}" hx-post="{}/{}" hx-vals="{}" hx-target="#dialog-body"{} data-act>'
        "{}</button>"
    ).format(
        look,
        viewer.base,
        "form" if at.in_form else "press",
        json.dumps(about),
        confirm,
        closed(button.label),
    )


def _appointment(part: Appointment, viewer: Viewer, at: At) -> Markup:
    """Return the way to the file, which is there only for what stands in a message."""
    if at.message is None:
        return NOTHING
    return Markup('<p class="part-link"><a href="{}/message/{}/{}" download>{}{}</a></p>').format(
        viewer.base, at.message, NAME, part.label, icon("chevron-right")
    )


def _link(part: Link, viewer: Viewer) -> Markup:
    if part.url.startswith(LINK):
        # The bot says where; whoever follows goes there as the person they are.
        own = f"{viewer.base}/message/{part.url.removeprefix(LINK)}"
        return Markup('<p class="part-link"><a href="{}">{}{}</a></p>').format(
            own, closed(part.label), icon("chevron-right")
        )
    if may_be_followed(part.url):
        return Markup('<p class="part-link"><a href="{}" rel="noopener noreferrer" target="_blank">{}</a></p>').format(
            part.url, closed(part.label)
        )
    return Markup('<p class="part-words">{}</p>').format(closed(part.label))
