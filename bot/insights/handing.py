"""A chart as a picture in the chat: a communications lead chooses one, and gets it in their own conversation.

Which charts there are, and the floor under them, is the pages' own (bot/insights/charts.py).
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from bot.context import Handlers, PersonContext
from bot.events import Event, File, Reply, whisper
from bot.insights.charts import organisation_charts
from bot.insights.drawings import Drawing
from bot.leads import leads_only
from bot.messages import Button, Buttons, Message, Target, Tone, Words
from bot.texts import Voice

CHARTS: Final = "insights.charts"
# Followed by the chart's key.
PICTURE: Final = "insights.picture_"
KEYS: Final = ("active", "spread", "teams", "reach", "decisions", "tips", "coverage")

Paint = Callable[[Drawing], bytes]
"""Draws a chart as a PNG."""


def handlers(paint: Paint) -> Handlers:
    """Return what this module answers, by action name."""
    return {CHARTS: choose, **{f"{PICTURE}{key}": partial(hand_over, paint, key) for key in KEYS}}


def charts_button(say: Voice) -> Button:
    """Return the way to the pictures, for a communications lead."""
    return Button(say("A chart as a picture, here"), CHARTS, Target(0, 1))


async def choose(ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - every handler has the same form
    """Offer the charts that there is something to draw of.

    Raises Refused for anybody who is no communications lead.
    """
    await leads_only(ctx)
    offered = [
        Button(chart.title, f"{PICTURE}{chart.key}", Target(0, 1))
        for chart in await organisation_charts(ctx)
        if chart.drawing is not None
    ]
    if not offered:
        return whisper(
            ctx.say("Nothing has been summed up yet. That happens when a whole week is over, for 5 people or more.")
        )
    asked = ctx.say("Which one? You get it in our own conversation, and nobody else does.")
    return Reply(whisper=Message(asked, (Words(asked), Buttons(tuple(offered)))))


async def hand_over(paint: Paint, key: str, ctx: PersonContext, event: Event) -> Reply:  # noqa: ARG001 - as above
    """Hand a chart over as a PNG, with what is to be seen in it in words.

    Raises Refused for anybody who is no communications lead.
    """
    await leads_only(ctx)
    chart = next((one for one in await organisation_charts(ctx) if one.key == key), None)
    if chart is None or chart.drawing is None:
        return whisper(ctx.say("There is nothing to draw of that yet."))
    told = Message(
        f"{chart.title}: {chart.finding}",
        (Words(chart.title, Tone.STRONG), Words(chart.finding), Words(chart.note, Tone.QUIET)),
    )
    return Reply(file=File(f"samlas-{key}.png", await asyncio.to_thread(paint, chart.drawing), told))
