"""The ladder's three steps: a tip, an invitation to talk with a coach, a suggestion to the team lead; who is at which.

The rule is `next_step`; the rest puts it to the rows. nudges/due.py finds who is quiet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.calendars import DAY, Calendar
from bot.context import known
from bot.settings import OrganisationSettings
from nudges.budget import STEP_PAUSE, step_is_due
from nudges.comparing.rules import is_without_on
from nudges.leading.rules import may_be_named
from nudges.quiet import Reason
from nudges.welcome import LAST_WELCOME
from storage.coaches import coach_ids
from storage.coaching import members_asking
from storage.comparing import compared_among
from storage.contacts import days_said
from storage.database import Session
from storage.leading import days_named, led_teams, names_snoozed
from storage.tables import Member


class Step(StrEnum):
    """The steps of the ladder, which are kinds of items."""

    TIP = "tip"
    INVITATION = "invitation"
    # Not to the member: to their team lead (nudges/leading).
    SUGGESTION = "suggestion"


# A step is not taken in the round after the one before it, but in the one after that at the earliest.
STEP_AFTER = timedelta(days=8)
# After so many tips in a row that were followed by no sign at all, the ladder rests: of those who had three, one in a
# hundred came back by a fourth (docs/racket.md).
MOST_TIPS_UNANSWERED = 3


@dataclass(frozen=True, slots=True)
class Quiet:
    """One member who counts as quiet, looked at up to and with the day `as_of`."""

    member: Member
    calendar: Calendar
    reason: Reason
    as_of: date
    last_sign: date | None = None


async def steps_of(
    session: Session, workspace_id: int, settings: OrganisationSettings, quiet: Sequence[Quiet]
) -> dict[int, Step]:
    """Return the step of the ladder that each of them has come to; who has come to none just now is left out."""
    if not quiet:
        return {}
    member_ids = [known(one.member.id) for one in quiet]
    since = min(one.as_of for one in quiet) - STEP_PAUSE
    # All there ever were: how many have been followed by no sign is counted from the last sign on.
    tips = await _first_steps(session, workspace_id, member_ids, date.min)
    invitations = await days_said(session, workspace_id, member_ids, Step.INVITATION, since=since)
    coaches = await coach_ids(session, workspace_id)
    asking = await members_asking(session, workspace_id, member_ids)
    # Whom the lot leaves without a tip (nudges/comparing), for the quarter: no step follows one that was not taken.
    compared = await compared_among(session, workspace_id, member_ids) if settings.does_it_work else {}
    without = {member_id: one.due_on for member_id, one in compared.items() if one.is_without}
    told_from = suggested_from(settings)
    named = {} if told_from is None else await days_named(session, workspace_id, member_ids, since=since)
    nameable = set() if told_from is None else await _nameable(session, workspace_id, quiet)
    steps: dict[int, Step] = {}
    for one, member_id in zip(quiet, member_ids, strict=True):
        if member_id in without and is_without_on(without[member_id], one.as_of + DAY):
            continue
        # To invite a coach, or whoever has asked for one, to talk with one would help nobody.
        may_talk = bool(coaches - {member_id}) and member_id not in coaches and member_id not in asking
        step = next_step(
            one,
            tips.get(member_id, ()),
            invitations.get(member_id, ()),
            named.get(member_id, ()),
            may_talk=may_talk,
            told_from=told_from if member_id in nameable and member_id not in asking else None,
        )
        if step is not None:
            steps[member_id] = step
    return steps


async def _first_steps(
    session: Session, workspace_id: int, member_ids: Sequence[int], since: date
) -> dict[int, list[date]]:
    """Return the days on which each of them had the ladder's first step: a tip, or the last welcome in its place."""
    tips = await days_said(session, workspace_id, member_ids, Step.TIP, since=since)
    welcomes = await days_said(session, workspace_id, member_ids, LAST_WELCOME, since=since)
    return {member_id: [*tips.get(member_id, ()), *welcomes.get(member_id, ())] for member_id in member_ids}


async def _nameable(session: Session, workspace_id: int, quiet: Sequence[Quiet]) -> set[int]:
    """Return the row ids of those who may be named to their lead on the day after the last one looked at."""
    teams = await led_teams(session, workspace_id)
    snoozed = await names_snoozed(session, workspace_id, [known(one.member.id) for one in quiet])
    return {
        member_id
        for one in quiet
        if may_be_named(
            one.member,
            teams.get(one.member.home_team_id or 0),
            one.as_of + DAY,
            snoozed_until=snoozed.get(member_id := known(one.member.id)),
        )
    }


def suggested_from(settings: OrganisationSettings) -> date | None:
    """Return from which day on an invitation has told of the third step; None: the organisation has not turned it on.

    Whoever was invited before has not read that it exists, nor been asked whether their lead is to be involved.
    """
    return settings.suggest_to_leads_from if settings.suggest_to_leads else None


def next_step(
    quiet: Quiet,
    tips: Sequence[date],
    invitations: Sequence[date],
    suggestions: Sequence[date] = (),
    *,
    may_talk: bool,
    told_from: date | None = None,
) -> Step | None:
    """Return the step of the ladder that somebody has come to on the day after the last one looked at. Pure.

    `tips` are the days on which they had one since their last sign at least, `invitations` and `suggestions` those of
    a quarter. After `MOST_TIPS_UNANSWERED` the ladder begins anew only when they have given a sign. Each step comes at
    most once a quarter, and each but the first only to somebody from whom nobody has heard since the one before, or who
    still gives less than a quarter of what is usual for them: whoever was back in between begins anew, with the first.
    `may_talk`: there is a coach, and they could be invited to talk with one. `told_from`: they may be named to their
    lead, if an invitation of that day or later has told them of it; None: they may not.
    """
    day = quiet.as_of + DAY
    if step_is_due(tips, day):
        return None if is_resting(tips, quiet.last_sign) else Step.TIP
    tip = _last(tips, day)
    if tip is None or not _is_time_after(tip, quiet):
        return None
    if step_is_due(invitations, day):
        return Step.INVITATION if may_talk else None
    invitation = _last(invitations, day)
    if (
        told_from is None
        or invitation is None
        or not max(told_from, tip) <= invitation
        or not _is_time_after(invitation, quiet)
        or not step_is_due(suggestions, day)
    ):
        return None
    return Step.SUGGESTION


def is_resting(tips: Iterable[date], last_sign: date | None) -> bool:
    """Whether the ladder leaves somebody alone until their next sign: they have had enough tips since the last."""
    return sum(tip > (last_sign or date.min) for tip in tips) >= MOST_TIPS_UNANSWERED


def _last(days: Sequence[date], day: date) -> date | None:
    return max((one for one in days if one <= day), default=None)


def _is_time_after(step: date, quiet: Quiet) -> bool:
    """Whether the one before was long enough ago, and nobody has heard from them since."""
    was_back = quiet.reason is not Reason.FELL and (quiet.last_sign or date.min) >= step
    return not was_back and quiet.as_of + DAY - step >= STEP_AFTER


async def still_suggested(
    session: Session, workspace_id: int, settings: OrganisationSettings, quiet: Sequence[Quiet]
) -> set[int]:
    """Return the row ids of those for whom a suggestion that was planned is one that they have come to still."""
    if not quiet:
        return set()
    member_ids = [known(one.member.id) for one in quiet]
    since = min(one.as_of for one in quiet) - STEP_PAUSE
    tips = await _first_steps(session, workspace_id, member_ids, since)
    invitations = await days_said(session, workspace_id, member_ids, Step.INVITATION, since=since)
    asking = await members_asking(session, workspace_id, member_ids)
    return {
        member_id
        for one, member_id in zip(quiet, member_ids, strict=True)
        if member_id not in asking
        # The suggestion itself is among those that have been planned.
        and next_step(
            one,
            tips.get(member_id, ()),
            invitations.get(member_id, ()),
            may_talk=False,
            told_from=suggested_from(settings),
        )
        is Step.SUGGESTION
    }


async def still_invited(session: Session, workspace_id: int, quiet: Quiet) -> bool:
    """Whether an invitation that was planned for somebody is one that they have come to still."""
    member_id = known(quiet.member.id)
    since = quiet.as_of - STEP_PAUSE
    tips = await _first_steps(session, workspace_id, [member_id], since)
    coaches = await coach_ids(session, workspace_id)
    may_talk = bool(coaches - {member_id}) and member_id not in coaches
    asking = await members_asking(session, workspace_id, [member_id])
    # The invitation itself is among those that are paid for.
    step = next_step(quiet, tips.get(member_id, ()), (), may_talk=may_talk and not asking)
    return step is Step.INVITATION
