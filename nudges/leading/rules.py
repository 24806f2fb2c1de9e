"""Who may be named to a team lead, and for how long nobody is after each answer. Pure."""

from datetime import date, timedelta

from nudges.budget import wants_nudges
from storage.floor import FLOOR
from storage.leading import LedTeam
from storage.tables import Member, MemberState

# How long *Fine as it is* holds for a name: as long as *I am reading along*.
FINE_FOR = timedelta(days=180)
# More names are no private word any more; whoever is not among them is still quiet next week, or is back.
MOST_NAMED = 8
# A card has by then said all that the rules ask of it: the longest snooze is over.
FORGOTTEN_AFTER = timedelta(weeks=30)


def may_be_named(
    member: Member, team: LedTeam | None, day: date, *, snoozed_until: date | None = None, to: int | None = None
) -> bool:
    """Whether a lead (the one `to`, where given) may read a member's name on that day, whatever the ladder says.

    Only their own home team's lead, who is somebody else and here; never of a team under the floor as it is now; and
    not where the member wants no lead involved, no nudges, none just now, or is not counted.
    """
    return (
        team is not None
        and team.lead_id != member.id
        and to in (None, team.lead_id)
        and team.size >= FLOOR
        and member.state != MemberState.LEFT
        and not member.lead_not_involved
        and not member.not_counted
        and wants_nudges(member, day)
        and (snoozed_until is None or day >= snoozed_until)
    )
