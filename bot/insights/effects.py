"""The charts of what Samlas itself does: reach over time, decisions by outcome, what tips did, and what it can see."""

import math
from datetime import timedelta
from typing import Final

from bot.announcements.life import words_of
from bot.context import PersonContext
from bot.insights.drawings import Bar, Bars, Chart, Curve, Curves, Table
from bot.insights.wording import how_many, thousandths_in_words
from bot.texts import Text, text
from storage.announcements import find_announcement
from storage.effects import (
    LOOKED_AT_AFTER,
    coverage,
    decisions_by_outcome,
    reach_figures,
    tips_and_returns,
)
from storage.floor import WHOLE, about, monday_of, roughly
from storage.news import may_see
from storage.tables import Anchoring

# More curves than these nobody can tell apart.
ANNOUNCEMENTS_SHOWN: Final = 5
LONGEST_LABEL: Final = 34
SHOWN_FOR: Final = timedelta(days=364)
# Under so many people a share says next to nothing, and is not given.
ENOUGH_TIPS: Final = 20
# The 95 % interval of a share (Wilson 1927), which is honest about small numbers.
_Z: Final = 1.96

_OUTCOMES: Final[dict[Anchoring, Text]] = {
    Anchoring.BY_GROUP: text("Anchored by the management group"),
    Anchoring.SELF_DECLARED: text("Anchored, as its author says"),
    Anchoring.PARTLY: text("Partly anchored"),
    Anchoring.NOT_YET: text("Not yet anchored"),
}


async def reach_chart(ctx: PersonContext) -> Chart:
    """Return how the latest announcements that this person may see reached people, day by day."""
    say = ctx.say
    title = say("Each announcement's reach over time")
    note = say(
        "How many of those it was for have read it, as far as one can tell: by a press, a reply, a reaction or a"
        " question. Rounded, summed up when the week is over, and never of fewer than 5 people."
    )
    curves: list[Curve] = []
    rows: list[tuple[str, ...]] = []
    for announcement_id, figures in await reach_figures(ctx.session, ctx.workspace_id, most=ANNOUNCEMENTS_SHOWN):
        announcement = await find_announcement(ctx.session, ctx.workspace_id, announcement_id)
        if announcement is None:
            continue
        name = say("An announcement that is not for you")
        if await may_see(ctx.session, ctx.workspace_id, ctx.member, announcement_id):
            name = (await words_of(ctx, announcement)).title or name
        by_age = {figure.after_days: figure for figure in figures}
        curves.append(Curve(_shortened(name), ((0, 0), *((figure.after_days, figure.read / 10) for figure in figures))))
        rows.append(
            (
                name,
                *(
                    how_many(say, by_age[days].read, by_age[days].bound, by_age[days].recipients)
                    if days in by_age
                    else say("not yet")
                    for days in LOOKED_AT_AFTER
                ),
            )
        )
    if not curves:
        return Chart("reach", title, say("No announcement has been out for a whole week yet."), note)
    days = [say.many("After {count} day", "After {count} days", count) for count in LOOKED_AT_AFTER]
    ticks = tuple(
        (float(after), say("day {count}", count=after) if after == LOOKED_AT_AFTER[-1] else say.number(after))
        for after in (0, *LOOKED_AT_AFTER)
    )
    return Chart(
        "reach",
        title,
        say.many(
            "The latest announcement, and how it reached people over two weeks.",
            "The latest {count} announcements, and how they reached people over two weeks.",
            len(curves),
        ),
        note,
        Curves(tuple(curves), ticks),
        Table((say("Announcement"), *days), tuple(rows)),
    )


async def decisions_chart(ctx: PersonContext) -> Chart:
    """Return how many decisions were published in a year, by how they were anchored."""
    say = ctx.say
    title = say("Decisions by outcome")
    note = say("Decisions published in the last 52 weeks that still stand in the log, by how they were anchored then.")
    counts = await decisions_by_outcome(ctx.session, ctx.workspace_id, ctx.now.date() - SHOWN_FOR)
    total = sum(counts.values())
    if not total:
        return Chart("decisions", title, say("No decision has been published yet."), note)
    anchored = counts.get(Anchoring.BY_GROUP, 0) + counts.get(Anchoring.SELF_DECLARED, 0)
    labels = {outcome: say.say(label) for outcome, label in _OUTCOMES.items()}
    bars = tuple(
        Bar(label, counts.get(outcome, 0), say.number(counts.get(outcome, 0))) for outcome, label in labels.items()
    )
    return Chart(
        "decisions",
        title,
        say.many(
            "{anchored} of {count} decision was anchored when it was published.",
            "{anchored} of {count} decisions were anchored when they were published.",
            total,
            anchored=anchored,
        ),
        note,
        Bars(bars, max(counts.values())),
        Table((say("Outcome"), say("Decisions")), tuple((bar.label, bar.shown) for bar in bars)),
    )


async def tips_chart(ctx: PersonContext) -> Chart:
    """Return how many came back after a tip, as far as so many can tell."""
    say = ctx.say
    title = say("After a tip")
    note = say(
        "Whoever gave any sign within four weeks after a tip. Some of them would have come back without one: this says"
        " what followed, and not what it was that helped."
    )
    since = monday_of(ctx.now.date() - SHOWN_FOR)
    tipped, returned = await tips_and_returns(ctx.session, ctx.workspace_id, since)
    if tipped < ENOUGH_TIPS:
        too_few = say(
            "Too few to tell: from {count} people on, who got a tip at least four weeks ago, it is shown here.",
            count=ENOUGH_TIPS,
        )
        return Chart("tips", title, too_few, note)
    people = roughly(tipped)
    rough = about(returned, tipped)
    # Of what is shown, and not of what was counted: an exact interval would tell the exact count.
    low, high = interval(round(rough.share * people / WHOLE), people)
    came = thousandths_in_words(say, rough.share, rough.bound)
    finding = say(
        "Of {count} people, {share} gave a sign again. With so many, anything from {low} to {high} % would be no"
        " surprise.",
        count=people,
        share=came,
        low=low,
        high=high,
    )
    bars = (Bar(say("Gave a sign again"), rough.share / 10, came),)
    return Chart(
        "tips",
        title,
        finding,
        note,
        Bars(bars, 100),
        Table((say("Within four weeks"), say("Share")), tuple((bar.label, bar.shown) for bar in bars)),
    )


async def coverage_chart(ctx: PersonContext) -> Chart:
    """Return how much of the chat is counted at all."""
    say = ctx.say
    inside, known = await coverage(ctx.session, ctx.workspace_id)
    finding = say(
        "{inside} of {known} channels that Samlas knows of; chats between people are not seen.",
        inside=inside,
        known=known,
    )
    bars = (
        Bar(say("Samlas is in it"), inside, say.number(inside)),
        Bar(say("Not counted"), known - inside, say.number(known - inside)),
    )
    return Chart(
        "coverage",
        say("What can be seen"),
        finding,
        say("Everything else on this page is about these channels, and about what people do with Samlas itself."),
        Bars(bars, max(known, 1)),
        Table((say("Channels"), say("Count")), tuple((bar.label, bar.shown) for bar in bars)),
    )


def interval(hits: int, of: int) -> tuple[int, int]:
    """Return between which shares, in whole per cent, the true one lies with 95 % confidence (Wilson's interval)."""
    share, square = hits / of, _Z * _Z
    middle = share + square / (2 * of)
    around = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    whole = 1 + square / of
    return round(100 * (middle - around) / whole), round(100 * (middle + around) / whole)


def _shortened(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else f"{name[: LONGEST_LABEL - 1].rstrip()}…"
