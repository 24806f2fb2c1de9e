"""How people are named in what is said to others."""

from storage.tables import Member


def shown_name(member: Member) -> str:
    """Return a member's name, or the platform's id of one whose name nobody has told yet."""
    return member.name or member.external_id
