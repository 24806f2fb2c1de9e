"""Draws how many members of a real community Samlas would have called quiet, week by week, and why: docs/racket.md.

`python -m tools.racket FILE.zip` takes a Slack export, imports it into a database of its own that is gone afterwards,
looks at each Tuesday of it by the product's own rules, and writes docs/pictures/racket-quiet.png. The figures that
docs/racket.md names are printed. `--setting NAME=VALUE` as in `samlas nudges preview`; `--no-picture` prints alone.
"""

import argparse
import asyncio
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot import __version__
from bot.context import known
from bot.importing.archive import open_archive
from bot.importing.slack_export import read_slack_export
from bot.settings import OrganisationSettings
from nudges.budget import step_is_due
from nudges.command import with_settings
from nudges.due import all_due
from nudges.ladder import is_resting
from nudges.quiet import Reason
from nudges.sieving import through
from storage.database import Database, Session
from storage.importing import NewWorkspace, store_history
from storage.migrate import migrate
from storage.nudging import first_sign_of_all, last_imported_day, signs_by_day
from storage.people import present_members
from storage.tables import Workspace
from storage.workspaces import get_workspace

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "pictures" / "racket-quiet.png"
DAY, WEEK = timedelta(days=1), timedelta(days=7)
# What counts as coming back, as in the comparison and in the insights.
RETURNS_WITHIN = timedelta(days=28)
# Members who were heard of in so many days before are those who take part just now.
AROUND = timedelta(days=28)
MOST_TOLD_APART = 4

INKS: Mapping[Reason, tuple[str, str]] = {
    Reason.NO_SIGN: ("#0f6a5b", "no sign for {days} working days"),
    Reason.FELL: ("#d08a1d", "much less than usual"),
    Reason.NEVER_STARTED: ("#7a4a86", "joined and never started (nobody: in this file is who wrote)"),
}
TIPS = "#a5281c"


@dataclass(frozen=True, slots=True)
class Week:
    """What a Tuesday's round would have found. `tipped`: who had no tip in the quarter before, and would get one."""

    day: date
    known: int
    around: int
    began: int
    quiet: Mapping[int, Reason]
    tipped: frozenset[int]


@dataclass(frozen=True, slots=True)
class Lived:
    """All Tuesdays, and on which days each member gave a sign."""

    weeks: Sequence[Week]
    signs: Mapping[int, Sequence[date]]

    def came_back(self, member: int, day: date) -> bool:
        """Whether a member gave a sign within four weeks after a day."""
        return any(day < sign <= day + RETURNS_WITHIN for sign in self.signs[member])


async def look(file: Path, settings: OrganisationSettings, folder: Path) -> Lived:
    """Import an export, and look at each of its Tuesdays."""
    path = folder / "racket.db"
    migrate(path, __version__)
    with open_archive(file) as archive:
        export = read_slack_export(archive, lambda _packed: None)
    database = Database(f"sqlite+aiosqlite:///{path}")
    try:
        async with database.begin() as session:
            stored = await store_history(session, NewWorkspace("racket"), export.history, datetime.now(UTC))
        async with database.read() as session:
            return await _tuesdays(session, await get_workspace(session, stored.workspace_id), settings)
    finally:
        await database.close()


async def _tuesdays(session: Session, workspace: Workspace, settings: OrganisationSettings) -> Lived:
    workspace_id = known(workspace.id)
    first, last = await first_sign_of_all(session, workspace_id), await last_imported_day(session, workspace_id)
    if first is None or last is None:
        raise SystemExit("There is nobody in this export.")
    members = [known(member.id) for member in await present_members(session, workspace_id)]
    counted = await signs_by_day(session, workspace_id, members, first=first, last=last)
    signs = {member: sorted(days) for member, days in counted.items()}
    tips: dict[int, list[date]] = defaultdict(list)
    weeks = []
    day = first + (1 - first.weekday()) % 7 * DAY
    while day <= last:
        before = day - DAY
        quiet = {
            known(due.member.id): due.reason async for due in all_due(session, workspace, settings, through(before))
        }
        tipped = frozenset(
            member
            for member in quiet
            if step_is_due(tips[member], day) and not is_resting(tips[member], _last_before(day, signs.get(member, ())))
        )
        for member in tipped:
            tips[member].append(day)
        came = {member: days[0] for member, days in signs.items() if days[0] < day}
        weeks.append(
            Week(
                day,
                known=len(came),
                around=sum(any(day - AROUND <= sign < day for sign in signs[member]) for member in came),
                began=sum(day - WEEK <= first_sign for first_sign in came.values()),
                quiet=quiet,
                tipped=tipped,
            )
        )
        day += WEEK
    return Lived(weeks, signs)


def _last_before(day: date, signs: Sequence[date]) -> date | None:
    return max((sign for sign in signs if sign < day), default=None)


def draw(lived: Lived, settings: OrganisationSettings) -> Figure:
    """Return the picture: who counts as quiet by reason, above how many tips the round would send."""
    days = [week.day for week in lived.weeks]
    figure = Figure(figsize=(10, 7), dpi=150, facecolor="#ffffff", layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 1.3))
    reasons = list(INKS)
    above.stackplot(
        days,
        [[sum(found is reason for found in week.quiet.values()) for week in lived.weeks] for reason in reasons],
        colors=[INKS[reason][0] for reason in reasons],
        labels=[INKS[reason][1].format(days=settings.quiet_no_sign_working_days) for reason in reasons],
        alpha=0.85,
    )
    above.plot(
        days, [week.known for week in lived.weeks], color="#56615e", dashes=(4, 2), label="everybody who ever wrote"
    )
    above.plot(days, [week.around for week in lived.weeks], color="#1d2523", label="wrote in the last 28 days")
    _dress(above, "Members")
    above.legend(loc="upper left", frameon=False)
    above.set_title("Who would count as quiet on each Tuesday, and why", loc="left", fontweight="bold")
    below.bar(days, [len(week.tipped) for week in lived.weeks], width=5, color=TIPS)
    _dress(below, "Tips")
    below.set_title("Tips that the round would send: nobody gets a second one within a quarter", loc="left")
    return figure


def _dress(axes: Axes, unit: str) -> None:
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color="#dedbd2", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_ylabel(unit)
    axes.set_ylim(bottom=0)
    axes.margins(x=0.01)


def figures(lived: Lived) -> Iterable[str]:
    """Yield what there is to say in numbers, a line each."""
    weeks = lived.weeks
    yield f"weeks {len(weeks)}: {weeks[0].day} to {weeks[-1].day}; members who wrote {len(lived.signs)}"
    quiet = [len(week.quiet) for week in weeks]
    yield f"quiet a week: mean {sum(quiet) / len(quiet):.1f}, most {max(quiet)}, last {quiet[-1]} of {weeks[-1].known}"
    by_reason = Counter(reason for week in weeks for reason in week.quiet.values())
    yield f"quiet, by reason, member-weeks: {dict(by_reason)}"
    tips = [len(week.tipped) for week in weeks]
    yield (
        f"tips: {sum(tips)}, a week mean {sum(tips) / len(tips):.1f}, median {sorted(tips)[len(tips) // 2]},"
        f" most {max(tips)}; a week of the second year {sum(tips[52:]) / max(len(tips[52:]), 1):.1f}"
    )
    yield f"newcomers (first sign) a week: mean {sum(week.began for week in weeks) / len(weeks):.1f}"
    seen = [
        (member, week.day, week.quiet[member])
        for week in weeks
        if week.day + RETURNS_WITHIN <= weeks[-1].day
        for member in week.tipped
    ]
    yield f"tipped early enough to see what followed: {len(seen)}; {_back(lived, seen)}"
    for reason in Reason:
        yield f"  {reason.value}: {_back(lived, [one for one in seen if one[2] is reason])}"
    nth: dict[int, list[tuple[int, date, Reason]]] = defaultdict(list)
    had: Counter[int] = Counter()
    for one in seen:
        had[one[0]] += 1
        nth[min(had[one[0]], MOST_TOLD_APART)].append(one)
    for number, those in sorted(nth.items()):
        yield f"  tip number {number}{' and later' if number == MOST_TOLD_APART else ''}: {_back(lived, those)}"


def _back(lived: Lived, tipped: Sequence[tuple[int, date, Reason]]) -> str:
    came = sum(lived.came_back(member, day) for member, day, _ in tipped)
    share = f" ({came / len(tipped):.0%})" if tipped else ""
    return f"{came} of {len(tipped)}{share} wrote again within 28 days, by themselves"


def main() -> int:
    """Look, print the figures, and draw."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", metavar="FILE.zip", type=Path)
    parser.add_argument("--setting", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--no-picture", action="store_true")
    args = parser.parse_args()
    settings = with_settings(OrganisationSettings(), args.setting)
    with tempfile.TemporaryDirectory(prefix="samlas-racket-") as folder:
        lived = asyncio.run(look(args.file, settings, Path(folder)))
    for line in figures(lived):
        print(line)
    if not args.no_picture:
        draw(lived, settings).savefig(PICTURE, metadata={"Software": None})
        print(f"{PICTURE.relative_to(ROOT)} has been drawn.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
