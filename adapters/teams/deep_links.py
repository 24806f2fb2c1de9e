"""Addresses that open something in Teams for whoever follows them. Pure.

From learn.microsoft.com, "Deep link to a workflow in Teams": people go by their user principal names, such as e-mail
addresses, and whoever follows is always among them.
"""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, urlencode

from bot.messages import Appointment

CHAT: Final = "https://teams.microsoft.com/l/chat/0/0"
MEETING: Final = "https://teams.microsoft.com/l/meeting/new"


def chat_with(people: Sequence[str]) -> str:
    """Return the address of the chat with these people, which is begun where there is none: no bot can do that."""
    return _address(CHAT, {"users": ",".join(people)})


def scheduling(appointment: Appointment) -> str:
    """Return the address of the form that puts an appointment into the calendars, filled in.

    A file would have to be agreed to and put into the reader's OneDrive first ("Send and receive files using bots"),
    and then be opened in another program; this form is the one that everybody there knows, and it brings the meeting.
    """
    asked = {
        "subject": " ".join(appointment.title.split()),
        "startTime": appointment.begins.isoformat(),
        "endTime": appointment.ends.isoformat(),
    }
    if appointment.people:
        asked["attendees"] = ",".join(appointment.people)
    return _address(MEETING, asked)


def _address(base: str, asked: dict[str, str]) -> str:
    return f"{base}?{urlencode(asked, quote_via=quote, safe=',@')}"
