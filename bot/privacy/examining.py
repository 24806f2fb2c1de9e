"""What `samlas doctor` says of privacy: how long counts are kept, and whom the notice has reached; numbers only."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.context import context_for, known
from bot.examining import Finding, good, look
from bot.texts import text, texts
from storage.counts_kept import counts_swept, kept_from_day, oldest_count
from storage.database import Database, Session
from storage.tables import Platform, Workspace
from storage.telling import told_or_not
from storage.workspaces import all_workspaces

# The job goes through everybody once a day; a day's rest is no reason to look.
LATE_AFTER: Final = timedelta(days=2)
# A notice takes its time to go out to many, and what failed is tried again the next day.
REACHES_WITHIN: Final = timedelta(days=2)


async def examine_privacy(database: Database, now: datetime) -> Sequence[Finding]:
    """Look at each workspace in turn."""
    findings: list[Finding] = []
    async with database.read() as session:
        for workspace in await all_workspaces(session):
            findings += await _counts(session, workspace, now)
            findings += await _notice(session, workspace, now)
    return findings


async def _counts(session: Session, workspace: Workspace, now: datetime) -> Sequence[Finding]:
    workspace_id = known(workspace.id)
    subject = f"counts of workspace {workspace_id}"
    oldest = await oldest_count(session, workspace_id)
    swept = await counts_swept(session, workspace_id)
    findings: list[Finding] = []
    if swept is not None and swept.done_at is not None and now - swept.done_at <= LATE_AFTER:
        findings.append(
            good(
                subject,
                texts(
                    "What is too old was last summed up on {moment}: {count} count of one person and day so far.",
                    "What is too old was last summed up on {moment}: {count} counts of one person and day so far.",
                    swept.rows,
                    moment=swept.done_at.date(),
                ),
            )
        )
    if oldest is None:
        return findings
    kept_days = context_for(session, now, workspace).settings.counts_kept_days
    if findings or oldest >= kept_from_day(now.date(), kept_days):
        return [*findings, good(subject, text("The oldest that is kept by member is of {day}.", day=oldest))]
    return [
        look(
            subject,
            text(
                "The oldest that is kept by member is of {day}, longer ago than the {days} days that the organisation"
                " keeps, and what is too old has not been summed up for two days. Is `samlas serve` running?",
                day=oldest,
                days=str(kept_days),
            ),
        )
    ]


async def _notice(session: Session, workspace: Workspace, now: datetime) -> Sequence[Finding]:
    if workspace.platform == Platform.IMPORTED:
        return []
    subject = f"notice of workspace {known(workspace.id)}"
    if workspace.notice_given_at is None:
        return [good(subject, text("It has not been given yet, so nothing is kept by member."))]
    told, not_told = await told_or_not(session, known(workspace.id), since_before=now - REACHES_WITHIN)
    if not_told and now - workspace.notice_given_at > REACHES_WITHIN:
        return [
            look(
                subject,
                texts(
                    "It has not reached {count} person, who is not counted before it has; {told} have it. It is tried"
                    " again every week. Most often the bot is blocked or not installed there.",
                    "It has not reached {count} people, who are not counted before it has; {told} have it. It is tried"
                    " again every week. Most often the bot is blocked or not installed there.",
                    not_told,
                    told=str(told),
                ),
            )
        ]
    return [good(subject, texts("It has reached {count} person.", "It has reached {count} people.", told))]
