"""A chart as a picture in the chat: whoever asks chooses one that they may see, and gets it in their own conversation.

Of the whole organisation for communications leads, of a home team for its lead, of one's own weeks for everybody.
Which charts there are, and the floor under them, is the pages' own (bot/insights/charts.py).
"""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from bot.context import Handlers, PersonContext, known
from bot.errors import Refused
from bot.events import Event, File, Reply, whisper
from bot.insights.charts import ORGANISATION, TEAM, organisation_charts, own_charts, team_charts
from bot.insights.drawings import Chart, Drawing
from bot.leads import leads_only
from bot.messages import Button, Buttons, Message, Target, Tone, Words
from bot.texts import Voice, text
from storage.people import home_teams
from storage.tables import HomeTeam

CHARTS: Final = "insights.charts"
# Each followed by the chart's key; the team is the button's row.
PICTURE: Final = "insights.picture_"
TEAM_PICTURE: Final = "insights.team_picture_"
OWN_PICTURE: Final = "insights.own_picture"

Paint = Callable[[Drawing], bytes]
"""Draws a chart as a PNG."""


def handlers(paint: Paint) -> Handlers:
    """Return what this module answers, by action name."""
    return {
        CHARTS: choose,
        **{f"{PICTURE}{key}": partial(hand_over, paint, key) for key in ORGANISATION},
        **{f"{TEAM_PICTURE}{key}": partial(hand_over_of_team, paint, key) for key in TEAM},
        OWN_PICTURE: partial(hand_over_own, paint),
    }


def charts_button(say: Voice) -> Button:
    """Return the way to the pictures."""
    return Button(say("A chart as a picture, here"), CHARTS, Target(0, 1))


async def choose(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Offer the charts that this person may see and that there is something to draw of."""
    offered: list[Button] = []
    if ctx.member.is_communications_lead:
        offered += [
            Button(chart.title, f"{PICTURE}{chart.key}", Target(0, 1))
            for chart in await organisation_charts(ctx)
            if chart.drawing is not None
        ]
    for team in await _led(ctx):
        offered += [
            Button(f"{team.name}: {chart.title}", f"{TEAM_PICTURE}{chart.key}", Target(known(team.id), 1))
            for chart in await team_charts(ctx, known(team.id))
            if chart.drawing is not None
        ]
    offered += [Button(chart.title, OWN_PICTURE, Target(ctx.member_id, 1)) for chart in await own_charts(ctx)]
    asked = ctx.say("Which one? You get it in our own conversation, and nobody else does.")
    return Reply(whisper=Message(asked, (Words(asked), Buttons(tuple(offered)))))


async def hand_over(paint: Paint, key: str, ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - as above
    """Hand a chart of the whole organisation over as a PNG, with what is to be seen in it in words.

    Raises Refused for anybody who is no communications lead.
    """
    await leads_only(ctx)
    return await _handed(ctx, paint, await organisation_charts(ctx, (key,)))


async def hand_over_of_team(paint: Paint, key: str, ctx: PersonContext, event: Event) -> Reply:
    """Hand a chart of a home team over to its lead.

    Raises Refused for anybody who does not lead it at this moment.
    """
    led = next((team for team in await _led(ctx) if event.target is not None and event.target.row == team.id), None)
    if led is None:
        raise Refused(text("This is for whoever leads that home team."))
    return await _handed(ctx, paint, await team_charts(ctx, known(led.id), (key,)), led.name)


async def hand_over_own(paint: Paint, ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - as above
    """Hand somebody their own chart over: whoever presses gets theirs, whatever the button says."""
    return await _handed(ctx, paint, await own_charts(ctx))


async def _led(ctx: PersonContext) -> Sequence[HomeTeam]:
    return [team for team in await home_teams(ctx.session, ctx.workspace_id) if team.lead_id == ctx.member_id]


async def _handed(ctx: PersonContext, paint: Paint, charts: Sequence[Chart], about: str = "") -> Reply:
    [chart] = charts
    if chart.drawing is None:
        return whisper(ctx.say("There is nothing to draw of that yet."))
    title = f"{about}: {chart.title}" if about else chart.title
    told = Message(
        f"{title}: {chart.finding}",
        (Words(title, Tone.STRONG), Words(chart.finding), Words(chart.note, Tone.QUIET)),
    )
    return Reply(file=File(f"samlas-{chart.key}.png", await asyncio.to_thread(paint, chart.drawing), told))
