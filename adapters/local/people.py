"""Whom one can be in the local chat, and what there is to try as them."""

from dataclasses import dataclass

from adapters.local.made_up.people import TO_TRY
from adapters.local.sidebar import role_of
from adapters.local.views import Face, face_of
from bot.texts import Voice
from storage.database import Session
from storage.people import home_teams, present_members


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody one can be. `to_try` says what there is to try as them."""

    external_id: str
    face: Face
    role: str
    to_try: str


@dataclass(frozen=True, slots=True)
class People:
    """Those to begin with, and all the others."""

    suggested: tuple[PersonView, ...]
    others: tuple[PersonView, ...]


async def people_to_be(session: Session, workspace_id: int, say: Voice, words: str) -> People:
    """Return the people whose name or role has all these words in it."""
    teams = await home_teams(session, workspace_id)
    wanted = words.casefold().split()
    found: dict[str, PersonView] = {}
    for member in await present_members(session, workspace_id):
        role = role_of(member, teams, say)
        if all(word in f"{member.name} {role}".casefold() for word in wanted):
            to_try = TO_TRY.get(member.external_id)
            found[member.external_id] = PersonView(
                member.external_id, face_of(member), role, say.say(to_try) if to_try is not None else ""
            )
    return People(
        suggested=tuple(found[external_id] for external_id in TO_TRY if external_id in found),
        others=tuple(person for external_id, person in found.items() if external_id not in TO_TRY),
    )
