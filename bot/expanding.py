"""Writes down what goes to many, page by page, for the lane (bot/lane.py), and what follows when that has ended."""

from collections.abc import Callable
from datetime import datetime

import structlog

from bot.clock import Clock
from bot.context import SpokenByName, known
from bot.pacing import pause_after
from bot.reasons import kept_reason
from bot.texts import text
from storage.database import Database, Session
from storage.fan_out import expand_fan_out, give_fan_out_up, put_fan_out_off, waiting_fan_out
from storage.lanes import holds_lane
from storage.tables import FanOut

log = structlog.get_logger()

NOT_WRITTEN_DOWN = text("Samlas could not write down to whom this goes.")


class Expander:
    """Expands one workspace's fan-outs, under its lane."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        spoken: SpokenByName,
        workspace_id: int,
        chance: Callable[[], float],
    ) -> None:
        """Know who wants to be told when a fan-out has ended, by its message's name."""
        self._database = database
        self._clock = clock
        self._spoken = spoken
        self._workspace_id = workspace_id
        self._chance = chance

    async def expand(self, term: int) -> bool:
        """Expand one page of a fan-out, while what is more urgent is already under way; False when the lane is lost.

        One that fails makes way for later ones. What fails for the database's sake fails here once more, and so gives
        the lane a rest.
        """
        fan_out: FanOut | None = None
        now = self._clock.now()
        try:
            async with self._database.begin() as session:
                holds = await holds_lane(session, self._workspace_id, term)
                if holds:
                    fan_out = await waiting_fan_out(session, self._workspace_id, now)
                if fan_out is not None and await expand_fan_out(session, self._workspace_id, fan_out, now):
                    await self._tell_ended(session, fan_out, now)
        except Exception:
            if fan_out is None:
                raise
            log.exception("lane.expansion_failed", workspace=self._workspace_id, fan_out=fan_out.id)
            await self._try_later(fan_out, now)
            return True
        return holds

    async def _try_later(self, fan_out: FanOut, now: datetime) -> None:
        attempts = fan_out.attempts + 1
        pause = pause_after(attempts, self._chance())
        async with self._database.begin() as session:
            if pause is None:
                log.error("lane.fan_out_given_up", workspace=self._workspace_id, fan_out=fan_out.id)
                reason = kept_reason(NOT_WRITTEN_DOWN)
                await give_fan_out_up(session, self._workspace_id, known(fan_out.id), reason, now)
                fan_out.reason = reason
                await self._tell_ended(session, fan_out, now)
            else:
                await put_fan_out_off(
                    session, self._workspace_id, known(fan_out.id), attempts=attempts, not_before=now + pause
                )

    async def _tell_ended(self, session: Session, fan_out: FanOut, now: datetime) -> None:
        fan_out.done_at = now
        spoken = self._spoken.get(fan_out.message)
        if spoken is None or spoken.ended is None:
            return
        try:
            async with session.begin_nested():
                await spoken.ended(session, fan_out)
        except Exception:
            log.exception("lane.ended_failed", workspace=self._workspace_id, fan_out=fan_out.id)
