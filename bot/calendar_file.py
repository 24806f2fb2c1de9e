"""An appointment as an iCalendar file (RFC 5545), for surfaces on which a file is the way into a calendar. Pure."""

from typing import Final

from icalendar import Calendar, Event

from bot.messages import Appointment

NAME: Final = "samlas.ics"
MEDIA_TYPE: Final = "text/calendar"
# RFC 5545, 3.7.3: "SHOULD be globally unique", in the form that ISO 9070 gives to names of owners.
PRODUCT: Final = "-//Samlas//Samlas//EN"


def calendar_file(appointment: Appointment) -> bytes:
    """Return the file, in UTF-8. Times are in UTC, so that no definition of a time zone has to come with them.

    It is published and not an invitation (RFC 5546, 3.2.1): whoever opens it has an entry of their own, and nobody is
    asked to answer a mail.
    """
    event = Event()
    event.add("uid", appointment.uid)
    event.add("dtstamp", appointment.made_at.replace(microsecond=0))
    event.add("sequence", appointment.revision)
    event.add("dtstart", appointment.begins)
    event.add("dtend", appointment.ends)
    event.add("summary", " ".join(appointment.title.split()))
    event.add("status", "CONFIRMED")
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add_component(event)
    return bytes(made.to_ical())
