"""The bot's parts as HTML without a script: what one's own page shows is what the chat shows.

Everything is escaped. A button that asks a question first unfolds it; what one opens is a page (own_forms).
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

from markupsafe import Markup

from bot.getting_in import MY_PAGE
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
    Tone,
    Words,
    Written,
    buttons_of,
)
from bot.texts import Voice

_NOTHING = Markup()


def actions_of(parts: Iterable[Part]) -> Mapping[str, Target]:
    """Return what can be pressed on the page, by action name."""
    return {button.action: button.target for button in buttons_of(parts) if _is_for_a_page(button)}


def render(parts: Iterable[Part], token: str, say: Voice) -> Markup:
    """Return parts as HTML; `token` is what every form of this session carries."""
    return _NOTHING.join(_part(part, token, say) for part in parts)


def _part(part: Part, token: str, say: Voice) -> Markup:  # noqa: C901 - one case a part
    match part:
        case Heading():
            return Markup("<h2>{}</h2>").format(part.text)
        case Words():
            return _words(part)
        case Written():
            # As it was written: nothing that people wrote stands on these pages, and nothing of it is formatted.
            return Markup('<p class="as-written">{}</p>').format(part.markdown)
        case Fields():
            rows = _NOTHING.join(
                Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(field.label, field.value) for field in part.fields
            )
            return Markup('<dl class="fields">{}</dl>').format(rows)
        case Checks():
            lines = _NOTHING.join(Markup("<li>{} {}</li>").format(check.label, check.detail) for check in part.checks)
            return Markup("<ul>{}</ul>").format(lines)
        case Shares():
            return _shares(part)
        case Buttons():
            return _buttons(part, token, say)
        case Link():
            return Markup('<p><a href="{}" rel="noreferrer">{}</a></p>').format(part.url, part.label)
        case Together() | Appointment() | Picture():
            # What two people agree on, and what is announced, stands in the chat.
            return _NOTHING
        case Divider():
            return Markup("<hr>")
        case _:
            assert_never(part)


def _buttons(part: Buttons, token: str, say: Voice) -> Markup:
    pressed = [_button(button, token, say) for button in part.buttons if _is_for_a_page(button)]
    return Markup('<div class="buttons">{}</div>').format(_NOTHING.join(pressed)) if pressed else _NOTHING


def _is_for_a_page(button: Button) -> bool:
    return button.action != MY_PAGE


def _words(part: Words) -> Markup:
    lines = Markup("<br>").join(part.text.splitlines())
    match part.tone:
        case Tone.PLAIN:
            return Markup("<p>{}</p>").format(lines)
        case Tone.STRONG:
            return Markup("<p><strong>{}</strong></p>").format(lines)
        case Tone.QUIET:
            return Markup('<p class="quiet">{}</p>').format(lines)
        case _:
            assert_never(part.tone)


def _shares(part: Shares) -> Markup:
    rows = _NOTHING.join(
        Markup('<tr><th scope="row">{}</th><td>{}</td></tr>').format(share.label, share.count) for share in part.shares
    )
    return Markup('<table class="figures"><caption>{}</caption><tbody>{}</tbody></table>').format(part.label, rows)


def _button(button: Button, token: str, say: Voice) -> Markup:
    style = {Style.PLAIN: "", Style.PRIMARY: " primary", Style.DANGER: " danger"}[button.style]
    label = button.label if button.confirm is None else say("Yes, go on")
    form = Markup(
        '<form method="post" action="/me/press"><input type="hidden" name="token" value="{}">'
        '<button class="button{}" name="action" value="{}">{}</button></form>'
    ).format(token, style, button.action, label)
    if button.confirm is None:
        return form
    return Markup(
        '<details class="ask"><summary class="button">{}</summary><div class="asked"><p>{}</p>{}</div></details>'
    ).format(button.label, button.confirm, form)
