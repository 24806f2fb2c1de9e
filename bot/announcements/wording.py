"""What an announcement says, in one or both languages: the form's fields, and what was written in them."""

from collections.abc import Mapping

from bot.errors import BadInput
from bot.forms import Form, FormPart, TextField, read
from bot.texts import LANGUAGES, Text, Voice, text
from storage.announcements import Wording
from storage.tables import Announcement

LONGEST_TITLE = 150
LONGEST_TEXT = 10_000
LONGEST_ALT = 300

# How the fields of the language that is not the author's own are called.
_TITLE_IN: Mapping[str, Text] = {"sv": text("Title in Swedish"), "en": text("Title in English")}
_TEXT_IN: Mapping[str, Text] = {"sv": text("Text in Swedish"), "en": text("Text in English")}
_ALT_IN: Mapping[str, Text] = {
    "sv": text("What the picture shows, in Swedish"),
    "en": text("What the picture shows, in English"),
}


def word_fields(announcement: Announcement, wordings: Mapping[str, Wording], say: Voice) -> tuple[FormPart, ...]:
    """Return the fields for what it says: in its author's language, and below that, if they like, in the other."""
    fields: list[FormPart] = []
    own = announcement.language
    for language in (own, *_others(own)):
        words, is_own = wordings.get(language, Wording()), language == own
        hint = (
            say("Markdown works: **bold**, lists, links.")
            if is_own
            else say("If you like. Whoever reads this language gets it so, and a post shows both.")
        )
        fields.append(
            TextField(
                _key("title", language, own),
                say("Title") if is_own else title_label(language, say),
                words.title,
                required=is_own,
                max_length=LONGEST_TITLE,
            )
        )
        fields.append(
            TextField(
                _key("text", language, own),
                say("Text") if is_own else text_label(language, say),
                words.text,
                hint,
                multiline=True,
                required=is_own,
                max_length=LONGEST_TEXT,
            )
        )
    return tuple(fields)


def alt_fields(announcement: Announcement, wordings: Mapping[str, Wording], say: Voice) -> tuple[TextField, ...]:
    """Return the fields for what its picture shows, in each language; the author's own first."""
    own = announcement.language
    return tuple(
        TextField(
            _key("alt", language, own),
            say("What does the picture show?") if language == own else say.say(_ALT_IN[language]),
            wordings.get(language, Wording()).alt,
            say("It is read out to whoever cannot see it.") if language == own else "",
            max_length=LONGEST_ALT,
        )
        for language in (own, *_others(own))
    )


def alt_key(language: str, announcement: Announcement) -> str:
    """Return the key of the field for what its picture shows, in a language."""
    return _key("alt", language, announcement.language)


def read_wordings(announcement: Announcement, form: Form, values: Mapping[str, str]) -> dict[str, Wording]:
    """Read what was written in the form that has these fields, by language.

    Raises BadInput for what the fields do not take, and for a title without a text or the other way round.
    """
    given = read(form, values)
    own = announcement.language
    wordings = {own: Wording(given["title"], given["text"], given.get("alt", ""))}
    wrong: dict[str, Text] = {}
    for language in _others(own):
        title_key, text_key = _key("title", language, own), _key("text", language, own)
        words = Wording(given[title_key], given[text_key], given.get(_key("alt", language, own), ""))
        if words.title and not words.text:
            wrong[text_key] = text("Please write the text in this language too, or leave its title empty.")
        elif words.text and not words.title:
            wrong[title_key] = text("Please write the title in this language too, or leave its text empty.")
        elif words.title:
            wordings[language] = words
    if wrong:
        raise BadInput(wrong, form.holding(values))
    return wordings


def title_label(language: str, say: Voice) -> str:
    """Return what the title in a language is called."""
    return say.say(_TITLE_IN[language])


def text_label(language: str, say: Voice) -> str:
    """Return what the text in a language is called."""
    return say.say(_TEXT_IN[language])


def in_order(wordings: Mapping[str, Wording], first: str) -> list[Wording]:
    """Return every wording, the one in the language `first` before the others."""
    return [wordings[language] for language in (first, *_others(first)) if language in wordings]


def _others(language: str) -> tuple[str, ...]:
    return tuple(other for other in LANGUAGES if other != language)


def _key(name: str, language: str, own: str) -> str:
    return name if language == own else f"{name}_{language}"
