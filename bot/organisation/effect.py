"""What other settings would change, shown before they are kept: how many people would get a nudge, in counts alone.

Who would is nudges/' to say; it is handed in as `CountDue`.
"""

import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from bot.settings import OrganisationSettings
from bot.texts import Voice
from storage.database import Session
from storage.tables import Workspace

CountDue = Callable[[Session, Workspace, OrganisationSettings, datetime], Awaitable[int]]
"""Counts whom the ladder would reach just now under these settings."""

# The settings that decide who counts as quiet.
DECIDING = (
    "quiet_no_sign",
    "quiet_no_sign_working_days",
    "quiet_fell",
    "quiet_never_started",
    "quiet_never_started_days",
    "quiet_weeks",
    "working_days",
    "country",
    "region",
)
_MARK_BITS = 20


@dataclass(frozen=True, slots=True)
class Effect:
    """How many people a nudge would reach, before and after."""

    before: int
    after: int


def is_touched(before: OrganisationSettings, after: OrganisationSettings) -> bool:
    """Whether who counts as quiet is decided otherwise."""
    return any(getattr(before, name) != getattr(after, name) for name in DECIDING)


def mark(settings: OrganisationSettings, version: int) -> int:
    """Return a number that stands for such settings, made from that version of those that are kept.

    It stands in the form in which an effect is shown, so that only what was shown is kept without being shown again.
    """
    decided = repr([getattr(settings, name) for name in DECIDING])
    return version << _MARK_BITS | zlib.crc32(decided.encode()) & (1 << _MARK_BITS) - 1


def version_of(marked: int) -> int:
    """Return the version of the settings from which a form was made that shows an effect."""
    return marked >> _MARK_BITS


def effect_in_words(before: OrganisationSettings, after: OrganisationSettings, effect: Effect, say: Voice) -> str:
    """Return what would change for how many, as in "with 10 working days instead of 15: 31 people instead of 18"."""
    return say.many(
        "With {changes}: {count} person instead of {before} would get a tip or an invitation.",
        "With {changes}: {count} people instead of {before} would get a tip or an invitation.",
        effect.after,
        changes=say.listing(_changes(before, after, say)),
        before=effect.before,
    )


def _changes(before: OrganisationSettings, after: OrganisationSettings, say: Voice) -> list[str]:
    changes: list[str] = []
    switches = (
        (before.quiet_no_sign, after.quiet_no_sign, say("no sign for a while")),
        (before.quiet_fell, after.quiet_fell, say("much less than usual")),
        (before.quiet_never_started, after.quiet_never_started, say("not started yet")),
    )
    for was_on, is_on, reason in switches:
        if was_on != is_on:
            changes.append(
                say("“{reason}” switched on", reason=reason) if is_on else say("“{reason}” switched off", reason=reason)
            )
    if before.quiet_no_sign_working_days != after.quiet_no_sign_working_days:
        changes.append(
            say(
                "{days} working days instead of {before}",
                days=after.quiet_no_sign_working_days,
                before=before.quiet_no_sign_working_days,
            )
        )
    if before.quiet_never_started_days != after.quiet_never_started_days:
        changes.append(
            say(
                "{days} days after joining instead of {before}",
                days=after.quiet_never_started_days,
                before=before.quiet_never_started_days,
            )
        )
    if before.quiet_weeks != after.quiet_weeks:
        changes.append(say("other weeks in which nobody is called quiet"))
    if any(getattr(before, name) != getattr(after, name) for name in ("working_days", "country", "region")):
        changes.append(say("other working days and holidays"))
    return changes
