"""Messages and forms as lines for a console. Pure.

What anybody says stands two spaces in, and what the console itself says at the beginning of a line: so nobody's words
can be taken for a button, and nothing in them speaks to the terminal.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import assert_never

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.addresses import may_be_followed
from bot.directions import closed
from bot.forms import (
    YES,
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
    Check,
    Checks,
    Divider,
    Fields,
    Heading,
    Link,
    Message,
    Part,
    Picture,
    Shares,
    Together,
    Words,
    Written,
)
from bot.texts import Voice

MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable(["autolink", "image", "entity"])
# How a message on the console is linked to.
OWN = "console:"
BREAKS = {"softbreak", "hardbreak"}
# What ends a line of its own.
ENDS = {"paragraph_close", "heading_close", "fence", "code_block", "hr"}


NumberOf = Callable[[Button], int]
"""Returns the number by which a button that is shown is pressed."""


def message_lines(message: Message, say: Voice, number_of: NumberOf) -> list[str]:
    """Return a message's lines, its buttons with their numbers."""
    return list(_parts(message.parts, say, number_of))


def form_lines(number: int, form: Form, say: Voice, number_of: NumberOf, errors: Mapping[str, str]) -> list[str]:
    """Return a form's lines: what keeps it from being taken first, and what sends it last."""
    problems = [f"! {key}: {_one_line(sentence)}" for key, sentence in errors.items()]
    title = f"{{{number}}} {_one_line(form.title)}"
    submit = [] if form.submit is None else [f"(send {number}) {_one_line(form.submit)}"]
    return [title, *problems, *_parts(form.parts, say, number_of), *submit]


def _parts(parts: tuple[FormPart, ...], say: Voice, number_of: NumberOf) -> Iterator[str]:
    for part in parts:
        if isinstance(part, FormField):
            yield from _field(part)
        elif isinstance(part, Buttons):
            for button in part.buttons:
                yield f"({number_of(button)}) {_one_line(button.label)}"
                if button.confirm is not None:
                    yield f"? {_one_line(button.confirm)}"
        else:
            yield from _part(part, say)


def _part(part: Part, say: Voice) -> Iterator[str]:  # noqa: C901, PLR0912 - one case a part
    match part:
        case Heading(text) | Words(text):
            yield from _said(text)
        case Written(markdown):
            yield from _said(_as_text(markdown))
        case Fields(fields):
            for field in fields:
                yield from _said(f"{closed(field.label)}: {closed(field.value)}")
        case Checks(checks):
            for check in checks:
                yield from _said(_check(check, say))
        case Shares(label, shares):
            yield from _said(label)
            for share in shares:
                yield from _said(f"{closed(share.label)}: {say.number(share.count)} {closed(share.note)}")
        case Link(label, url):
            is_link = url.startswith(OWN) or may_be_followed(url)
            yield f"-> {_one_line(label)} <{url}>" if is_link else f"  {_one_line(label)}"
        case Together(label, people, url):
            yield f"-> {_one_line(label)} <{url or 'mailto:' + ','.join(people)}>"
        case Appointment(label, title, begins):
            yield from _said(f"{label}: {title}, {say.moment(begins)}")
        case Divider():
            yield "----"
        case Picture():
            yield from _said(part.alt)
        case Buttons():
            raise ValueError("buttons are shown by _parts")
        case _:
            assert_never(part)


def _field(field: FormField) -> Iterator[str]:
    yield f": {field.key} ({_kind(field)}) {_one_line(field.label)}"
    if field.hint:
        yield f"~ {_one_line(field.hint)}"
    match field:
        case ChoiceField() | ChoicesField():
            chosen = several(field.value) if isinstance(field, ChoicesField) else [field.value]
            for option in field.options:
                yield f"{'x' if option.value in chosen else '.'} {_one_line(option.label)}"
        case TickField():
            yield f"= {YES if field.value else ''}"
        case PictureField():
            pass
        case _:
            for line in field.value.splitlines() or [""]:
                yield f"= {_clean(line)}"


def _kind(field: FormField) -> str:
    match field:
        case TextField():
            return "text"
        case ChoiceField():
            return "choice"
        case ChoicesField():
            return "choices"
        case TickField():
            return "tick"
        case DayField():
            return "day"
        case TimeField():
            return "time"
        case PersonField():
            return "person"
        case PictureField():
            return "picture"
        case _:
            assert_never(field)


def _check(check: Check, say: Voice) -> str:
    return f"{say.say(check.mark.words)}: {closed(check.label)} {closed(check.detail)}"


def _as_text(markdown: str) -> str:
    lines, line, addresses = [], "", []
    for token in _inside(MARKDOWN.parse(markdown)):
        match token.type:
            case "text" | "code_inline" | "fence" | "code_block":
                line += closed(token.content)
            case "list_item_open":
                line += "- "
            case "link_open" if may_be_followed(str(token.attrGet("href"))):
                addresses.append(f"<{token.attrGet('href')}>")
        if token.type in BREAKS | ENDS:
            lines.append(line)
            line = ""
    return "\n".join([*lines, line, *addresses]).strip()


def _inside(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from _inside(token.children) if token.children else [token]


def _said(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield f"  {closed(_clean(line))}"


def _one_line(text: str) -> str:
    return closed(_clean(" ".join(text.split())))


def _clean(line: str) -> str:
    return "".join(sign for sign in line if sign >= " " and not "\x7f" <= sign <= "\x9f")
