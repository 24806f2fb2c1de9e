"""In which language something is said in Slack where no handler has said it already."""

from bot.settings import OrganisationSettings
from bot.texts import Voice, language_of
from storage.database import Database
from storage.people import find_member
from storage.tables import Platform
from storage.workspaces import find_workspace


async def voice_of(database: Database, key: str, person: str | None = None) -> Voice:
    """Return the voice for a person of an organisation, or the organisation's own."""
    async with database.read() as session:
        workspace = await find_workspace(session, Platform.SLACK, key)
        if workspace is None:
            return Voice("en")
        settings = OrganisationSettings.model_validate(workspace.settings)
        member = await find_member(session, workspace.id or 0, person) if person else None
    if member is None:
        return Voice(settings.language, settings.zone)
    return Voice(language_of(member.locale, settings.language), member.zone or settings.zone)
