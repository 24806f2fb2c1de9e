"""Everything said to people, in their language, through gettext.

A text is marked where it stands: `text("{count} people", count=3)` makes a `Text` that can wait for its language;
a `Voice` has one and says it at once. The catalogues are read from the .po files themselves, so that there is
nothing to compile and nothing to forget. A command is named as `{/news}`, and said as people write it where they are.
"""

import gettext
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bot.command_words import SLASH, WrittenAs, slashed, within_a_sentence
from bot.directions import isolated

LANGUAGES = ("sv", "en")
CATALOGUES = Path(__file__).parent / "locales"


@dataclass(frozen=True)
class Text:
    """A sentence that has not met its language yet.

    With `plural`, `count` chooses between the two; it is also available to the sentence as {count}.
    A value may itself be a Text.
    """

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str | None = None
    count: int = 0


def text(msgid: str, **values: object) -> Text:
    """Mark an English sentence for translation; `{name}` stands for a value."""
    return Text(msgid, values)


def texts(singular: str, plural: str, count: int, **values: object) -> Text:
    """Mark a sentence that depends on a number."""
    return Text(singular, {**values, "count": count}, plural, count)


def language_of(locale: str | None, default: str = "en") -> str:
    """Return the language of ours that a platform's locale ("sv-SE", "en_US", None) asks for."""
    language = (locale or default).replace("_", "-").split("-")[0].lower()
    return language if language in LANGUAGES else "en"


class Voice:
    """Says texts, numbers, days and times in one language. A value turns nothing round that stands beside it."""

    def __init__(self, language: str, zone: str = "UTC", written_as: WrittenAs = slashed) -> None:
        """Speak `language` ("sv" or "en"); times are told in `zone`, commands as `written_as` has them."""
        self.language = language
        self.written_as = written_as
        self.zone = ZoneInfo(zone)
        # English days are written as most of Europe writes them, day before month.
        self._locale = Locale.parse("en_GB" if language == "en" else "sv_SE")
        self._catalogue = _catalogue(language)

    def __call__(self, msgid: str, **values: object) -> str:
        """Say an English sentence in this language."""
        return self.say(Text(msgid, values))

    def many(self, singular: str, plural: str, count: int, **values: object) -> str:
        """Say a sentence that depends on a number."""
        return self.say(Text(singular, {**values, "count": count}, plural, count))

    def say(self, said: Text) -> str:
        """Say a Text in this language."""
        if said.plural is None:
            template = self._catalogue.gettext(said.msgid)
        else:
            template = self._catalogue.ngettext(said.msgid, said.plural, said.count)
        values = {name: self._value(value) for name, value in said.values.items()}
        return template.format_map(_Values(values, self._command))

    def number(self, value: int) -> str:
        """Return a number with this language's grouping; less than nothing with a minus sign, in English too."""
        return format_decimal(value, locale=self._locale).replace("-", "\N{MINUS SIGN}")

    def day(self, day: date) -> str:
        """Return a day as people write it: "1 March 2027"."""
        return format_date(day, format="long", locale=self._locale)

    def short_day(self, day: date) -> str:
        """Return a day for where there is little room, without the year: "1 Mar"."""
        return format_date(day, "d MMM", locale=self._locale)

    def day_of(self, moment: datetime) -> str:
        """Return the day of a moment in this voice's zone."""
        return self.day(moment.astimezone(self.zone).date())

    def weekday(self, day: date) -> str:
        """Return a day with the day of the week, without the year: "Monday 1 March"."""
        return format_date(day, "EEEE d MMMM", locale=self._locale)

    def short_weekday(self, day: date) -> str:
        """Return the same where there is little room: "Mon 1 March"."""
        return format_date(day, "EEE d MMMM", locale=self._locale)

    def iso_day(self, day: str) -> str:
        """Return a day that is kept as "2027-03-01" as people write it."""
        return self.day(date.fromisoformat(day))

    def moment(self, moment: datetime) -> str:
        """Return a time in this voice's zone, with its day."""
        return format_datetime(moment, "d MMMM y, HH:mm", tzinfo=self.zone, locale=self._locale)

    def clock_time(self, moment: datetime) -> str:
        """Return the time of day in this voice's zone."""
        return format_time(moment, "HH:mm", tzinfo=self.zone, locale=self._locale)

    def listing(self, items: Sequence[str]) -> str:
        """Return "a, b and c"."""
        return format_list(list(items), locale=self._locale)

    def _command(self, command: str) -> str:
        return within_a_sentence(self.written_as(command, self.language), self.language)

    def _value(self, value: object) -> object:
        match value:
            case Text():
                return self.say(value)
            case bool():
                return value
            case int():
                return self.number(value)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case timedelta():
                raise TypeError("say a length of time in words, with the number as the value")
            case str():
                return isolated(value)
            case _:
                return value


class _Values(dict[str, object]):
    """A sentence's values by name, and the commands that it names."""

    def __init__(self, values: Mapping[str, object], command: Callable[[str], str]) -> None:
        super().__init__(values)
        self._command = command

    def __missing__(self, name: str) -> str:
        if not name.startswith(SLASH):
            raise KeyError(name)
        return self._command(name.removeprefix(SLASH))


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        # English is the language of the texts themselves.
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
