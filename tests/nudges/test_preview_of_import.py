"""The preview over a real community's two years, against a count made from the file in another way."""

import json
import re
import zipfile
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median

import holidays
import pytest

from bot.errors import Refused
from bot.settings import OrganisationSettings
from nudges.command import with_settings
from tests.command_line import CommandLine
from tests.exports import racket_export

DAY = timedelta(days=1)


def signs_by_day(file: Path, as_of: date) -> dict[str, Counter[date]]:
    """Return how often each member wrote on each UTC day up to a day, straight from the file."""
    signs: dict[str, Counter[date]] = defaultdict(Counter)
    with zipfile.ZipFile(file) as export:
        for name in export.namelist():
            if name.startswith("racket-general/"):
                for entry in json.loads(export.read(name)):
                    day = datetime.fromtimestamp(float(entry["ts"]), UTC).date()
                    if day <= as_of:
                        signs[entry["user"]][day] += 1
    return signs


def working_days(first: date, last: date) -> list[date]:
    """Return the Mondays to Fridays from first to last that are neither holidays in Sweden nor in weeks 28 to 32."""
    free = holidays.country_holidays("SE", years=range(2017, 2020), categories=("public", "de_facto"))
    days = [first + DAY * number for number in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5 and day not in free and not 28 <= day.isocalendar().week <= 32]


def reason(signs: Counter[date], as_of: date) -> str | None:
    """Return why somebody with these signs counts as quiet, by the rules as PRODUCT and docs word them."""
    first, last = min(signs), max(signs)
    if first + 14 * DAY > as_of:
        return None
    if len(working_days(last + DAY, as_of)) >= 15:
        return "no_sign"
    earliest = max(first, as_of - 180 * DAY)
    recent = working_days(earliest, as_of)[-20:]
    if len(recent) < 20:
        return None
    weekly: list[float] = []
    monday = recent[0] - DAY * recent[0].weekday() - 7 * DAY
    while monday >= earliest and len(weekly) < 12:
        worked = len(working_days(monday, monday + 6 * DAY))
        if worked:
            weekly.append(sum(signs[monday + DAY * number] for number in range(7)) / worked)
        monday -= 7 * DAY
    if len(weekly) < 6:
        return None
    now = sum(count for day, count in signs.items() if day >= recent[0]) / 20
    usual = median(weekly)
    return "fell" if usual * 5 >= 2 and now < usual / 4 else None


@pytest.mark.parametrize(
    ("as_of", "reasons"),
    [
        (date(2019, 3, 1), {"no_sign": 244}),
        # In the summer, and after Christmas, where holidays and quiet weeks decide.
        (date(2018, 8, 17), {"no_sign": 132}),
        (date(2019, 1, 11), {"no_sign": 209, "fell": 2}),
        (date(2019, 5, 17), {"no_sign": 285, "fell": 4}),
    ],
    ids=str,
)
def test_the_preview_agrees_with_a_separate_count(samlas: CommandLine, as_of: date, reasons: dict[str, int]) -> None:
    """The preview names just those, and for just those reasons, whom a plain count of the file finds."""
    file = racket_export()
    expected = {member: found for member, signs in signs_by_day(file, as_of).items() if (found := reason(signs, as_of))}
    samlas("import", "slack-export", file)

    preview = samlas("nudges", "preview", "--as-of", str(as_of), "--json").json()

    assert {each["member"]: each["reason"] for each in preview} == expected
    assert len(preview) == len(expected)
    assert {each["step"] for each in preview} == {"tip"}
    assert Counter(expected.values()) == reasons


def test_an_import_is_looked_at_as_of_its_last_day(samlas: CommandLine) -> None:
    """Without a day asked for, an import is looked at as of the last day in it, and the preview says so."""
    samlas("import", "slack-export", racket_export())

    unasked = samlas("nudges", "preview", "--json")
    asked = samlas("nudges", "preview", "--as-of", "2019-05-17", "--json")

    assert "the last day that was imported" in unasked.err
    assert "imported" not in asked.err
    day = re.search(r"As of (\d+ \w+ \d+),", unasked.err)
    assert day is not None
    last = datetime.strptime(day[1], "%d %B %Y").replace(tzinfo=UTC).date()
    assert unasked.json() == samlas("nudges", "preview", "--as-of", str(last), "--json").json() != []


def test_what_another_setting_would_change(samlas: CommandLine) -> None:
    """`--setting` shows who would be reached instead, says how many, and keeps nothing."""
    samlas("import", "slack-export", racket_export())
    as_it_is = samlas("nudges", "preview", "--as-of", "2019-05-17", "--json")

    tried = samlas("nudges", "preview", "--as-of", "2019-05-17", "--setting", "quiet_fell=false", "--json")
    afterwards = samlas("nudges", "preview", "--as-of", "2019-05-17", "--json")

    assert f"{len(tried.json())} people instead of {len(as_it_is.json())}" in tried.err
    assert {each["reason"] for each in tried.json()} == {"no_sign"}
    assert afterwards.json() == as_it_is.json()


@pytest.mark.parametrize("given", ["quiet_fell=perhaps", "quiet_no_sign_working_days=3", "zone=Europe/Berlin", ""])
def test_a_setting_that_cannot_be_tried(given: str) -> None:
    """What is no such setting or no such value is said in a sentence."""
    with pytest.raises(Refused):
        with_settings(OrganisationSettings(), [given])


def test_settings_to_try() -> None:
    """Each as it is written on the command line; the others stay as they are."""
    tried = with_settings(OrganisationSettings(), ["quiet_no_sign_working_days=10", "quiet_weeks=1,52"])

    assert tried == OrganisationSettings(quiet_no_sign_working_days=10, quiet_weeks=(1, 52))
