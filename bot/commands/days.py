"""Days given on the command line."""

from datetime import date

from bot.errors import Refused
from bot.texts import text

# No chat is older, and no calendar of holidays reaches further.
EARLIEST = date(1970, 1, 1)
LATEST = date(2199, 12, 31)


def day_of(option: str, given: str) -> date:
    """Return the day given to an option.

    Raises Refused, naming the option, for one that is none.
    """
    refusal = Refused(text("{option} takes a day such as 2027-03-01, and {given} is none.", option=option, given=given))
    try:
        day = date.fromisoformat(given)
    except ValueError as invalid:
        raise refusal from invalid
    if not EARLIEST <= day <= LATEST:
        raise refusal
    return day
