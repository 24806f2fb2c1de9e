"""The form over an organisation's settings: what it shows, and what may be kept of what comes back. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from bot.calendars import WEEKDAYS, is_zone, regions_of
from bot.decisions.path import RULES
from bot.errors import BadInput
from bot.forms import YES, ChoiceField, Form, FormPart, Option, TextField, TickField, TimeField, read
from bot.messages import Heading, Target, Tone, Words
from bot.settings import OrganisationSettings
from bot.texts import Text, Voice, text
from storage.tables import Channel

CHANGED = "settings.changed"
# The same form, in which the effect of what is changed has been shown.
CONFIRMED = "settings.confirmed"

LANGUAGE_NAMES: dict[str, Text] = {"sv": text("Swedish"), "en": text("English")}
# Of the fields that are named as the settings they set, and hold what these hold.
_ALIKE = (
    "language",
    "zone",
    "anchoring_rule",
    "quiet_no_sign_working_days",
    "quiet_never_started_days",
    "counts_kept_days",
)
_SWITCHES = ("quiet_no_sign", "quiet_fell", "quiet_never_started")
_DAY = "day_"
_MIDNIGHT = 24 * 60
_WEEKS_IN_YEAR = 53
_WEEK = re.compile(r"(\d{1,2})(?:\s*[-–]\s*(\d{1,2}))?", re.ASCII)  # noqa: RUF001 - people write the dash of a range
# As long as the longest names there are, and lists of every other week.
_SHORT, _LONG = 60, 200


def settings_form(settings: OrganisationSettings, target: Target, channels: Sequence[Channel], say: Voice) -> Form:
    """Return the form as the settings stand; `channels` are those that can be the announcement channel."""
    parts: tuple[FormPart, ...] = (
        Words(say("These are the organisation's. What members have set for themselves goes before them.")),
        Heading(say("Where and when you work")),
        ChoiceField(
            "language",
            say("Language, where a member's own is not known"),
            tuple(Option(language, say.say(name)) for language, name in LANGUAGE_NAMES.items()),
            settings.language,
        ),
        TextField(
            "zone", say("Time zone"), settings.zone, say("Such as Europe/Stockholm."), required=True, max_length=_SHORT
        ),
        TextField(
            "country",
            say("Country"),
            settings.country,
            say("Two letters, such as SE: its public holidays are nobody's working days."),
            required=True,
            max_length=_SHORT,
        ),
        TextField(
            "region",
            say("Region"),
            settings.region or "",
            say("Only where a region has public holidays of its own, such as BY in Germany."),
            max_length=_SHORT,
        ),
        Words(say("Working days"), Tone.STRONG),
        *(
            TickField(f"{_DAY}{number}", say.say(name).capitalize(), str(number) in settings.working_days)
            for number, name in WEEKDAYS.items()
        ),
        TimeField("work_start", say("The working day begins"), as_time(settings.work_start), required=True),
        TimeField("work_end", say("The working day ends"), as_time(settings.work_end), required=True),
        Heading(say("Announcements and decisions")),
        _channel_field(settings, channels, say),
        ChoiceField(
            "anchoring_rule",
            say("A decision is anchored when"),
            tuple(Option(rule, say.say(name)) for rule, name in RULES.items()),
            settings.anchoring_rule,
        ),
        Heading(say("The weekly round")),
        ChoiceField(
            "round_weekday",
            say("Weekday"),
            tuple(Option(str(number), say.say(name).capitalize()) for number, name in WEEKDAYS.items()),
            str(settings.round_weekday),
        ),
        TimeField(
            "round_minute",
            say("Time"),
            as_time(settings.round_minute),
            say("Where each member is, and within their working hours."),
            required=True,
        ),
        Heading(say("Who may get a friendly tip")),
        TickField("quiet_no_sign", say("Whoever has given no sign for a while"), settings.quiet_no_sign),
        TextField(
            "quiet_no_sign_working_days",
            say("A while is so many of their working days"),
            str(settings.quiet_no_sign_working_days),
            required=True,
            max_length=_SHORT,
        ),
        TickField("quiet_fell", say("Whoever takes part much less than they used to"), settings.quiet_fell),
        TickField("quiet_never_started", say("Whoever joined and has not started yet"), settings.quiet_never_started),
        TextField(
            "quiet_never_started_days",
            say("So many days after joining"),
            str(settings.quiet_never_started_days),
            required=True,
            max_length=_SHORT,
        ),
        TextField(
            "quiet_weeks",
            say("Weeks in which nobody is called quiet"),
            as_weeks(settings.quiet_weeks),
            say("Week numbers, such as 28-32, 52. May be left empty."),
            max_length=_LONG,
        ),
        Heading(say("What is kept about people")),
        TextField(
            "counts_kept_days",
            say("Counts of single people are kept for so many days"),
            str(settings.counts_kept_days),
            say(
                "Then they are added to sums of the month in which nobody can be found. Shorter is better for your"
                " people; below 100 days nobody could be said to take part less than usual."
            ),
            required=True,
            max_length=_SHORT,
        ),
    )
    return Form(CHANGED, target, say("Settings"), parts, say("Keep"), say("Cancel"))


def read_settings(form: Form, values: Mapping[str, str], kept: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that are to be kept, as JSON, after what came back; `kept` are those kept now.

    Raises BadInput with a sentence at each field that cannot be used.
    """
    given = read(form, values)
    wrong: dict[str, Text] = {}
    country = given["country"].upper()
    region = given["region"].upper().removeprefix(f"{country}-")
    regions = regions_of(country)
    if not is_zone(given["zone"]):
        wrong["zone"] = text("No time zone has this name. They are called after cities, such as Europe/Stockholm.")
    if regions is None:
        wrong["country"] = text(
            "No public holidays are known of this country. Please give its two letters, such as SE."
        )
    elif region and region not in regions:
        wrong["region"] = _no_region(regions)
    days = "".join(str(number) for number in WEEKDAYS if given[f"{_DAY}{number}"] == YES)
    if not days:
        wrong[f"{_DAY}1"] = text("Please choose one working day at least.")
    start, end = _minutes(given["work_start"]), _minutes(given["work_end"]) or _MIDNIGHT
    if start == end:
        wrong["work_end"] = text("The working day has to end at another time than it begins.")
    weeks = _weeks(given["quiet_weeks"])
    if weeks is None:
        wrong["quiet_weeks"] = text("Please give week numbers from 1 to 53, such as 28-32, 52.")
    changed: dict[str, Any] = {
        **{key: given[key] for key in _ALIKE},
        **{key: given[key] == YES for key in _SWITCHES},
        "country": country,
        "region": region or None,
        "working_days": days or OrganisationSettings().working_days,
        "work_start": start,
        "work_end": end,
        "quiet_weeks": weeks or (),
        "announcement_channel": given["announcement_channel"] or None,
        "round_weekday": given["round_weekday"],
        "round_minute": _minutes(given["round_minute"]),
    }
    try:
        model = OrganisationSettings.model_validate({**kept, **changed})
    except ValidationError as refused:
        wrong |= {str(error["loc"][0]): _out_of_bounds(str(error["loc"][0])) for error in refused.errors()}
        raise BadInput(wrong, form.holding(values)) from refused
    if wrong:
        raise BadInput(wrong, form.holding(values))
    return {**kept, **model.model_dump(mode="json", include=set(changed))}


def as_time(minutes: int) -> str:
    """Return minutes after midnight as a time; the day's end is its beginning."""
    hour, minute = divmod(minutes % _MIDNIGHT, 60)
    return f"{hour:02}:{minute:02}"


def as_weeks(weeks: Sequence[int]) -> str:
    """Return week numbers in as few words as can be: "28-32, 52"."""
    spans: list[list[int]] = []
    for week in sorted(set(weeks)):
        if spans and spans[-1][-1] == week - 1:
            spans[-1].append(week)
        else:
            spans.append([week])
    return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)


def _weeks(given: str) -> tuple[int, ...] | None:
    """Return the weeks that are meant; None for what does not say so."""
    found: set[int] = set()
    for part in (part.strip() for part in given.split(",") if part.strip()):
        span = _WEEK.fullmatch(part)
        if span is None:
            return None
        first, last = int(span[1]), int(span[2] or span[1])
        if not 1 <= first <= last <= _WEEKS_IN_YEAR:
            return None
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _no_region(regions: Sequence[str]) -> Text:
    if not regions:
        return text("No region of this country has public holidays of its own. Please leave this empty.")
    return text(
        "This country has no such region. Please leave this empty, or give one such as {name}.", name=regions[0]
    )


def _out_of_bounds(name: str) -> Text:
    """Return the sentence for a number that the model does not take, with the model's own bounds."""
    bounds = OrganisationSettings.model_json_schema()["properties"][name]
    return text("A whole number from {least} to {most}, please.", least=bounds["minimum"], most=bounds["maximum"])


def _channel_field(settings: OrganisationSettings, channels: Sequence[Channel], say: Voice) -> ChoiceField:
    now = settings.announcement_channel
    options = [Option("", say("No channel"))]
    options += [Option(channel.external_id, f"#{channel.name}") for channel in channels]
    if now is not None and now not in {channel.external_id for channel in channels}:
        # It may be private, and is not named to whoever is not in it.
        options.append(Option(now, say("As it is: one that you are not in, or that Samlas is not in")))
    hint = say("Where announcements to everybody stand. Samlas has to be in it.")
    return ChoiceField(
        "announcement_channel", say("Announcement channel"), tuple(options), now or "", hint, required=False
    )
