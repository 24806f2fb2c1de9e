"""When an announcement goes out: the form's two fields, and the moment that is meant by them. Pure but for the form."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from bot.clock import to_utc
from bot.context import PersonContext
from bot.errors import BadInput
from bot.forms import DayField, Form, FormPart, TimeField, read
from bot.texts import Text, Voice, text

# Who plans for longer than this has mistyped the year.
LONGEST_AHEAD = timedelta(days=366)


def moment_fields(moment: datetime | None, say: Voice) -> tuple[FormPart, ...]:
    """Return the fields for a day and a time in the author's own zone, both empty for now."""
    local = None if moment is None else moment.astimezone(say.zone)
    return (
        DayField(
            "day",
            say("On which day does it go out?"),
            "" if local is None else f"{local:%Y-%m-%d}",
            say("Leave day and time empty to publish it yourself, at once."),
        ),
        TimeField(
            "time",
            say("At what time?"),
            "" if local is None else f"{local:%H:%M}",
            say("Your own time ({zone}).", zone=say.zone.key),
        ),
    )


def read_moment(ctx: PersonContext, form: Form, values: Mapping[str, str]) -> datetime | None:
    """Read when it is to go out; None for as soon as its author says so.

    Raises BadInput for a day without a time or the other way round, for what has passed, and for what is more than a
    year ahead.
    """
    given = read(form, values)
    day, clock_time = given["day"], given["time"]
    if not day and not clock_time:
        return None
    wrong: dict[str, Text] = {}
    moment: datetime | None = None
    if not day:
        wrong["day"] = text("Please give the day too, or leave both empty.")
    elif not clock_time:
        wrong["time"] = text("Please give the time too, or leave both empty.")
    elif date.fromisoformat(day) > (ctx.now + LONGEST_AHEAD).date():
        wrong["day"] = text("At most a year ahead, please.")
    elif date.fromisoformat(day) < (ctx.now - timedelta(days=2)).date():
        wrong["day"] = _PASSED
    else:
        moment = to_utc(date.fromisoformat(day), time.fromisoformat(clock_time), ctx.say.zone)
        if moment <= ctx.now:
            wrong["time"] = _PASSED
    if wrong:
        raise BadInput(wrong, form.holding(values))
    return moment


_PASSED = text("This has passed. Please choose a later time, or leave both empty.")
