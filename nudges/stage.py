"""Notice first: where a workspace stands between "nothing is kept per person" and weekly rounds. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from storage.tables import Member, Platform, Workspace

# So long the notice takes to reach everybody, at most.
GOING_OUT_FOR = timedelta(days=1)


class Stage(StrEnum):
    """The steps on the way to the rounds."""

    # Only channel sums are kept.
    OFF = "off"
    # Everybody has had the notice, and the first round has its day.
    NOTICE = "notice"
    # Everybody has had the notice, and the rounds are off.
    READY = "ready"
    ON = "on"


def stage_of(workspace: Workspace, now: datetime) -> Stage:
    """Return where the workspace stands."""
    if workspace.notice_given_at is None:
        return Stage.OFF
    if workspace.rounds_on_at is None:
        return Stage.READY
    return Stage.ON if workspace.rounds_on_at <= now else Stage.NOTICE


def rounds_begin_at(notice_given_at: datetime, now: datetime, notice_for: timedelta) -> datetime:
    """Return when the rounds begin if somebody says go now: never before the notice has stood its time."""
    return max(now, notice_given_at + notice_for)


def counts_from(workspace: Workspace, told_at: datetime) -> datetime:
    """Return from when a member's fourteen days run, who had the notice then.

    It takes a while to reach everybody: whoever had it within a day of the workspace's was told with everybody. Who
    arrived later, or whom it reached later, has the whole time too.
    """
    given = workspace.notice_given_at
    return given if given is not None and told_at <= given + GOING_OUT_FOR else told_at


def may_be_nudged(workspace: Workspace, member: Member, notice_for: timedelta, day: date) -> bool:
    """Whether a member has had the notice, and for its whole time, on a day."""
    if member.told_at is None:
        return False
    return day >= (counts_from(workspace, member.told_at) + notice_for).date()


def rounds_run(workspace: Workspace, now: datetime) -> bool:
    """Whether anything unasked-for may be planned or sent now. Nothing can be sent to an import."""
    return workspace.platform != Platform.IMPORTED and stage_of(workspace, now) is Stage.ON


def may_remind(workspace: Workspace) -> bool:
    """Whether what announcements ask for or bring may be told again unasked.

    That needs no round and no counting by name; a communications lead who stopped everything stopped this too.
    """
    return workspace.platform != Platform.IMPORTED and workspace.stopped_at is None


def rounds_ran_since(workspace: Workspace, planned_at: datetime, now: datetime) -> bool:
    """Whether what was planned then may go out now.

    Stopped is stopped: it does not when the rounds were turned off in between, also if they are on again.
    """
    began = workspace.rounds_on_at
    return rounds_run(workspace, now) and began is not None and began <= planned_at


def may_look(workspace: Workspace) -> bool:
    """Whether anything about single members may be looked at: after the notice, or in an import."""
    return workspace.platform == Platform.IMPORTED or workspace.notice_given_at is not None
