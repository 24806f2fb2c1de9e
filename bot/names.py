"""How people are named in what is said to others."""

from bot.texts import Voice, text
from storage.personal.erasing import is_former
from storage.tables import Member

# Whoever was erased, and wrote what others have read.
FORMER_MEMBER = text("a former member")


def shown_name(member: Member, say: Voice | None = None) -> str:
    """Return a member's name, or the platform's id of one whose name nobody has told yet.

    Who was erased is *a former member*: in the reader's language with `say`, without it in the organisation's.
    """
    if say is not None and is_former(member):
        return say.say(FORMER_MEMBER)
    return member.name or member.external_id
