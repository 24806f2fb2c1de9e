"""The charts: of the whole organisation for communications leads, of one home team for its lead, and one's own.

They are made of what has been summed up (storage/insights.py), so that nothing here has to know of the floor.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Final

from bot.context import PersonContext
from bot.insights.drawings import Bar, Bars, Chart, Point, Table, Trend
from bot.insights.effects import coverage_chart, decisions_chart, reach_chart, tips_chart
from bot.insights.wording import bounded, how_many, thousandths_in_words
from bot.texts import text
from storage.floor import LARGE, TENTH, WEEK, WHOLE, monday_of
from storage.insights import GroupWeek, own_weeks, week_figures
from storage.people import home_teams
from storage.tables import EVERYBODY, Bound

# The charts of the whole organisation, and of one home team, by their keys and in their order.
ORGANISATION: Final = ("active", "spread", "teams", "reach", "decisions", "tips", "coverage")
TEAM: Final = ("active", "coverage")
_OF_WEEKS: Final = frozenset({"active", "spread", "teams"})
# So much of the past is shown.
WEEKS_SHOWN: Final = 26
OWN_WEEKS: Final = 12
# A home team's share is the mean of so many of its latest weeks.
TEAM_WEEKS: Final = 4
# So many weeks lie between two that are named below a chart.
_TICKS: Final = 7
# The axis ends at one of these.
_ENDS: Final = (5, 10, 20, 30, 40, 50, 60, 80, 100)


async def organisation_charts(ctx: PersonContext, keys: Collection[str] = ORGANISATION) -> Sequence[Chart]:
    """Return what a communications lead sees of the whole organisation: all of it, or the charts of these keys."""
    figures: Sequence[GroupWeek] = ()
    if not _OF_WEEKS.isdisjoint(keys):
        figures = await week_figures(ctx.session, ctx.workspace_id, since=first_week_shown(ctx))
    return [await _organisation_chart(ctx, key, figures) for key in ORGANISATION if key in keys]


async def _organisation_chart(ctx: PersonContext, key: str, figures: Sequence[GroupWeek]) -> Chart:
    whole = [figure for figure in figures if figure.team_id == EVERYBODY]
    match key:
        case "active":
            return active_chart(ctx, whole)
        case "spread":
            return spread_chart(ctx, whole)
        case "teams":
            return await teams_chart(ctx, [figure for figure in figures if figure.team_id != EVERYBODY])
        case "reach":
            return await reach_chart(ctx)
        case "decisions":
            return await decisions_chart(ctx)
        case "tips":
            return await tips_chart(ctx)
        case _:
            return await coverage_chart(ctx)


async def team_charts(ctx: PersonContext, team_id: int, keys: Collection[str] = TEAM) -> Sequence[Chart]:
    """Return what a lead sees of their own home team; whether they lead it is the caller's to know."""
    found: list[Chart] = []
    if "active" in keys:
        figures = await week_figures(ctx.session, ctx.workspace_id, since=first_week_shown(ctx), team_id=team_id)
        found.append(active_chart(ctx, figures))
    if "coverage" in keys:
        found.append(await coverage_chart(ctx))
    return found


async def own_charts(ctx: PersonContext) -> Sequence[Chart]:
    """Return what a member sees of themselves, and nobody else does."""
    today = ctx.now.date()
    first = monday_of(today) - (OWN_WEEKS - 1) * WEEK
    by_day = await own_weeks(ctx.session, ctx.workspace_id, ctx.member_id, first=first, last=today)
    return [own_chart(ctx, dict(by_day), OWN_WEEKS)]


def first_week_shown(ctx: PersonContext) -> date:
    """Return the Monday of the first week that charts show."""
    return monday_of(ctx.now.date()) - WEEKS_SHOWN * WEEK


def active_chart(ctx: PersonContext, figures: Sequence[GroupWeek]) -> Chart:
    """Return how many members took part in each week."""
    say = ctx.say
    title = say("Members active per week")
    note = say(
        "Whoever wrote, replied, reacted, read an announcement, asked or used Samlas at least once in the week. Reading"
        " along in a channel cannot be seen. Rounded, and never of fewer than 5 people."
    )
    if not figures:
        return Chart("active", title, _nothing_yet(ctx), note)
    latest = figures[-1]
    finding = say(
        "In the week of {day}: {share}.",
        day=latest.week,
        share=how_many(say, latest.active, latest.bound, latest.members),
    )
    in_people = all(figure.members >= LARGE for figure in figures)
    values = [
        figure.active * figure.members / WHOLE if in_people else figure.active * 100 / WHOLE for figure in figures
    ]
    most = _end_of(max(values)) if in_people else 100
    points = tuple(
        Point(say.short_day(figure.week) if number % _every(len(figures)) == 0 else "", value)
        for number, (figure, value) in enumerate(zip(figures, values, strict=True))
    )
    rows = tuple(
        (say.day(figure.week), how_many(say, figure.active, figure.bound, figure.members)) for figure in figures
    )
    unit = say("people") if in_people else say("per cent of members")
    return Chart(
        "active",
        title,
        finding,
        note,
        Trend(points, unit, most),
        Table((say("Week that begins on"), say("Took part")), rows),
    )


def spread_chart(ctx: PersonContext, figures: Sequence[GroupWeek]) -> Chart:
    """Return how evenly participation is spread: what each equal part of the members gave of it."""
    say = ctx.say
    title = say("How evenly participation is spread")
    note = say(
        "Members in order of how much they took part, in equal parts of at least 5 people, over the last four whole"
        " weeks of the quarter. Which people are in which part is not kept."
    )
    spread = figures[-1].spread if figures else ()
    if not spread:
        return Chart("spread", title, _nothing_yet(ctx), note)
    part = _part_in_words(len(spread))
    finding = say(
        "The most active {part} of the members gave about {percent} % of all signs; with perfect evenness it would be"
        " {even} %.",
        part=part,
        percent=spread[0],
        even=round(100 / len(spread)),
    )
    labels = [
        say("Most active"),
        *(say("Part {number}", number=number) for number in range(2, len(spread))),
        say("Least active"),
    ]
    shown = [say("about {percent} %", percent=percent) if percent else say("next to nothing") for percent in spread]
    bars = tuple(Bar(label, percent, words) for label, percent, words in zip(labels, spread, shown, strict=True))
    return Chart(
        "spread",
        title,
        finding,
        note,
        Bars(bars, max(spread)),
        Table((say("Part of the members"), say("Share of all signs")), tuple(zip(labels, shown, strict=True))),
    )


async def teams_chart(ctx: PersonContext, figures: Sequence[GroupWeek]) -> Chart:
    """Return how large a part of each home team took part in the latest weeks, by name."""
    say = ctx.say
    title = say("By home team")
    note = say(
        "The mean of up to four whole weeks. Teams under 5 people are not shown, and where their absence would tell"
        " about a few, one more is left out."
    )
    names = {team.id: team.name for team in await home_teams(ctx.session, ctx.workspace_id)}
    latest = max((figure.week for figure in figures), default=None)
    by_team: dict[str, list[GroupWeek]] = {}
    for figure in figures:
        if latest is not None and figure.week > latest - TEAM_WEEKS * WEEK and figure.team_id in names:
            by_team.setdefault(names[figure.team_id], []).append(figure)
    if not by_team:
        return Chart("teams", title, say("No home team of 5 people or more has been summed up yet."), note)
    shares = {name: _mean(weeks) for name, weeks in sorted(by_team.items())}
    shown = {name: thousandths_in_words(say, share, bound) for name, (share, bound) in shares.items()}
    return Chart(
        "teams",
        title,
        say.many("{count} home team can be shown.", "{count} home teams can be shown.", len(shares)),
        note,
        Bars(tuple(Bar(name, share / 10, shown[name]) for name, (share, _) in shares.items()), 100),
        Table((say("Home team"), say("Took part in a week")), tuple(shown.items())),
    )


def _mean(weeks: Sequence[GroupWeek]) -> tuple[int, Bound]:
    """Return the mean of what stands rounded, rounded again to tenths."""
    tenth = WHOLE // TENTH
    share = (2 * sum(week.active for week in weeks) + tenth * len(weeks)) // (2 * tenth * len(weeks)) * tenth
    return share, bounded(share, [Bound(week.bound) for week in weeks])


def _nothing_yet(ctx: PersonContext) -> str:
    if ctx.workspace.notice_given_at is None:
        return ctx.say("Nobody is counted before the notice has been given. Until then there is nothing to show here.")
    return ctx.say("Nothing has been summed up yet. That happens when a whole week is over, for 5 people or more.")


def _every(count: int) -> int:
    return -(-count // _TICKS)


def _end_of(value: float) -> float:
    """Return where an axis ends that holds this value: at a number that is easy to read."""
    scale = 1
    while value > _ENDS[-1] * scale:
        scale *= 10
    return next(end * scale for end in _ENDS if value <= end * scale)


_PARTS = {
    10: text("tenth"),
    9: text("ninth"),
    8: text("eighth"),
    7: text("seventh"),
    6: text("sixth"),
    5: text("fifth"),
    4: text("quarter"),
    3: text("third"),
    2: text("half"),
    1: text("whole"),
}


def _part_in_words(parts: int) -> object:
    return _PARTS[parts]


def own_chart(ctx: PersonContext, by_day: dict[date, int], weeks: int) -> Chart:
    """Return a member's own signs by week, for them alone; the running week is part of it."""
    say = ctx.say
    this_week = monday_of(ctx.now.date())
    mondays = [this_week - number * WEEK for number in range(weeks - 1, -1, -1)]
    sums = [sum(by_day.get(monday + timedelta(days=day), 0) for day in range(7)) for monday in mondays]
    points = tuple(
        Point(say.short_day(monday) if number % _every(weeks) == 0 else "", value)
        for number, (monday, value) in enumerate(zip(mondays, sums, strict=True))
    )
    rows = tuple((say.day(monday), say.number(value)) for monday, value in zip(mondays, sums, strict=True))
    return Chart(
        "own",
        say("Your weeks"),
        say.many(
            "{count} sign in the last {weeks} weeks.",
            "{count} signs in the last {weeks} weeks.",
            sum(sums),
            weeks=weeks,
        ),
        say("Messages, replies, reactions, what you have read, questions and commands. Only you see this."),
        Trend(points, say("signs"), _end_of(max(*sums, 1))),
        Table((say("Week that begins on"), say("Signs")), rows),
    )
