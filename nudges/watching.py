"""Since when a member's signs are counted by name: silence on any other day says nothing about them."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.calendars import DAY
from bot.context import known
from nudges.quiet import Watched
from storage.database import Session
from storage.nudging import ImportedHistory, first_sign_of_all, imported_history
from storage.tables import Platform, Workspace


@dataclass(frozen=True, slots=True)
class Watching:
    """What a workspace counts by member. `first`: the first day with a sign of anybody; `arrived`: when Samlas came.

    In an import everybody is counted; elsewhere each member from their own notice on, and before it in the history
    that was imported after it.
    """

    is_import: bool
    arrived: date
    first: date | None
    imported: ImportedHistory | None = None

    def of(self, told_at: datetime | None) -> Watched | None:
        """Return on which days a member was counted, who had the notice then; None for one who is not counted."""
        if self.is_import:
            return None if self.first is None else Watched(self.first)
        if told_at is None:
            return None
        told_on = told_at.date()
        if self.imported is None or self.first is None or self.imported.imported_since < told_at:
            return Watched(told_on)
        begins = self.imported.last_day + DAY
        return Watched(min(self.first, told_on), (begins, told_on - DAY) if begins < told_on else None)


async def watching(session: Session, workspace: Workspace) -> Watching | None:
    """Return what a workspace counts by member; None: nothing, before its notice."""
    is_import = workspace.platform == Platform.IMPORTED
    if not is_import and workspace.notice_given_at is None:
        return None
    workspace_id = known(workspace.id)
    first = await first_sign_of_all(session, workspace_id)
    return Watching(
        is_import,
        workspace.created_at.date(),
        first,
        None if is_import else await imported_history(session, workspace_id),
    )
