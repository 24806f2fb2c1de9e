"""Writes what became of messages on their way out, many at a time, in the transaction of the lane (bot/lane.py)."""

from collections import defaultdict
from collections.abc import Awaitable, Sequence
from datetime import datetime
from typing import Any

import structlog

from bot.context import SpokenByName, known
from bot.courier import Outcome
from bot.platform import NOT_STANDING, Sent
from bot.reasons import kept_reason
from storage.closed_ways import note_ways
from storage.database import Session
from storage.owed import make_up_to_those_back
from storage.sending import edit_changed, forget_posted, mark_edited, record_posted, still_there, store_outcomes
from storage.tables import Outbox, OutboxState

log = structlog.get_logger()


async def settle(
    session: Session, workspace_id: int, outcomes: Sequence[Outcome], spoken: SpokenByName, now: datetime
) -> None:
    """Write what came back, and tell those who want to know.

    Done again after a transaction that failed, it writes the same.
    """
    if not outcomes:
        return
    there = await still_there(session, workspace_id, [known(outcome.row.id) for outcome in outcomes])
    # Of what goes to somebody who was erased while it was under way, nothing is written down any more.
    told = [outcome for outcome in outcomes if outcome.row.id in there]
    for outcome in told:
        _note(outcome, now)
    rows = [outcome.row for outcome in told]
    await store_outcomes(session, workspace_id, rows)
    owed = {known(outcome.row.member_id) for outcome in told if outcome.is_owed}
    await make_up_to_those_back(session, workspace_id, owed, now)
    await note_ways(session, workspace_id, rows, now)
    stands = [(outcome.row, outcome.sent) for outcome in told if outcome.sent is not None]
    await record_posted(session, workspace_id, [_posted(row, sent, now) for row, sent in stands])
    await edit_changed(session, workspace_id, {known(row.id): (sent.place, sent.key) for row, sent in stands}, now)
    edited = [row.posted_id for row in rows if row.state == OutboxState.SENT and row.posted_id is not None]
    await mark_edited(session, workspace_id, edited, now)
    await _tell(session, spoken, [row for row in rows if row.settled_at is not None])
    gone = [
        outcome.row.posted_id
        for outcome in told
        if outcome.reason == NOT_STANDING and outcome.row.posted_id is not None
    ]
    await forget_posted(session, workspace_id, gone)


def _note(outcome: Outcome, now: datetime) -> None:
    row = outcome.row
    row.state = outcome.state
    row.attempts = outcome.tries
    row.is_record = row.is_record or outcome.is_owed
    if outcome.state in (OutboxState.QUEUED, OutboxState.SENDING):
        row.reason = kept_reason(outcome.reason) or row.reason
        row.not_before = now + outcome.pause
    else:
        row.reason = kept_reason(outcome.reason)
        row.settled_at = now


async def _tell(session: Session, spoken: SpokenByName, rows: Sequence[Outbox]) -> None:
    together: defaultdict[str, list[Outbox]] = defaultdict(list)
    for row in rows:
        told = spoken.get(row.message)
        if told is not None and told.settled_together is not None:
            together[row.message].append(row)
        if told is not None and told.settled is not None:
            await _heard(session, told.settled(session, row), row)
    for message, settled in together.items():
        if (tell := spoken[message].settled_together) is None or await _heard(
            session, tell(session, settled), settled[0]
        ):
            continue
        # One that cannot be taken in keeps the others from nobody.
        for row in settled if len(settled) > 1 else ():
            await _heard(session, tell(session, [row]), row)


async def _heard(session: Session, telling: Awaitable[None], row: Outbox) -> bool:
    """Whether somebody took in what they were told; what they wrote is undone where they did not."""
    try:
        async with session.begin_nested():
            await telling
    except Exception:
        # What the platform took stays taken, whatever somebody makes of it.
        log.exception("lane.settled_failed", workspace=row.workspace_id, outbox=row.id, message=row.message)
        return False
    return True


def _posted(row: Outbox, sent: Sent, now: datetime) -> dict[str, Any]:
    return {
        "message": row.message,
        "subject_id": row.subject_id,
        # What several share is nobody's alone.
        "member_id": row.member_id if row.with_member_id is None else None,
        "channel_id": row.channel_id,
        "place": sent.place,
        "reference_key": sent.key,
        "reference": dict(sent.reference),
        "link": sent.link,
        "posted_at": now,
    }
