"""In which language something is said in Teams where no handler has said it already."""

from adapters.teams.words import written_as
from bot.context import known
from bot.settings import OrganisationSettings
from bot.texts import Voice, language_of
from storage.database import Session
from storage.people import find_member
from storage.tables import Workspace


async def voice_for(session: Session, workspace: Workspace, external_id: str | None) -> Voice:
    """Return a member's voice; the organisation's for nobody, and for somebody who is not known."""
    settings = OrganisationSettings.model_validate(workspace.settings)
    member = None
    if external_id is not None:
        member = await find_member(session, known(workspace.id), external_id)
    if member is None:
        return Voice(settings.language, settings.zone, written_as)
    return Voice(language_of(member.locale, settings.language), member.zone or settings.zone, written_as)
