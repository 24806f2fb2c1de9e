"""What can be looked at: the way in, the organisation, one's own team, one's own page, and each chart as a file."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

import aiohttp_jinja2
import structlog
from aiohttp import web

from adapters.pages.guard import Told, nothing_here, voice_of
from adapters.pages.own_forms import Carried, render_form
from adapters.pages.parts import render
from adapters.pages.pictures import Kind, Look, Width, size_of
from adapters.pages.visiting import PAGES, Visit, forget_told, note_visit, refuse, route_of, told_before, visiting
from bot.context import known
from bot.forms import Form
from bot.getting_in import digest_of
from bot.insights.charts import organisation_charts, own_charts, team_charts
from bot.insights.drawings import Chart, Drawing
from bot.spreadsheet import as_csv
from bot.texts import text
from storage.getting_in import find_link
from storage.tables import HomeTeam

log = structlog.get_logger()

_TYPES: Final = {Kind.SVG: "image/svg+xml", Kind.PNG: "image/png"}


async def enter(request: web.Request) -> web.Response:
    """Show the button that uses a link up. Looking at it uses nothing, and it says no name."""
    pages = request.app[PAGES]
    say = voice_of(request)
    async with pages.core.database.read() as session:
        link = await find_link(session, digest_of(request.match_info["secret"]))
    if link is None or link.used_at is not None or link.expires_at <= pages.door.machine.now():
        log.warning("pages.refused", reason="link is no good", route=route_of(request))
        raise link_is_no_good()
    asyncio.get_running_loop().run_in_executor(None, _get_ready)
    return _page(request, "enter.html", {"say": say, "here": request.path})


def link_is_no_good() -> Told:
    """Return the answer to a link that is old, used or made up: which of these is nobody's business."""
    return Told(
        HTTPStatus.GONE,
        text(
            "This link does not work any more: it works once, within ten minutes. Ask Samlas for a new one: {/insights}"
        ),
    )


async def insights(request: web.Request) -> web.Response:
    """Lead to what a visitor may see: the organisation, their team, or their own page."""
    async with request.app[PAGES].core.database.read() as session:
        visit = await visiting(session, request)
        if not visit.is_communications_lead:
            raise web.HTTPSeeOther(f"/insights/team/{visit.teams[0].id}" if visit.teams else "/me")
        charts = await organisation_charts(visit.ctx)
    say = visit.ctx.say
    shows = (
        say("Shown to communications leads: sums of the whole organisation, and of home teams of 5 people or more."),
        say("No names, no single people, no texts. Whole weeks, summed up once and rounded."),
    )
    await note_visit(request)
    return _charts(request, visit, "all", say("Insights"), visit.ctx.workspace.name, shows, charts)


async def team(request: web.Request) -> web.Response:
    """Show a lead their own home team."""
    async with request.app[PAGES].core.database.read() as session:
        visit = await visiting(session, request)
        led = _team_in_address(request, visit)
        charts = await team_charts(visit.ctx, known(led.id))
    say = visit.ctx.say
    shows = (
        say(
            "Shown to you as the lead of {team}: sums of this home team, where at least 5 people are counted.",
            team=led.name,
        ),
        say("No names, no single people, no texts. Whole weeks, summed up once and rounded."),
    )
    await note_visit(request)
    return _charts(request, visit, f"team/{request.match_info['team']}", say("My team"), led.name, shows, charts)


async def chart(request: web.Request) -> web.Response:
    """Show one chart as a picture, or its figures as a file."""
    async with request.app[PAGES].core.database.read() as session:
        visit = await visiting(session, request)
        keys = (request.match_info["key"],)
        if "team" in request.match_info:
            charts = await team_charts(visit.ctx, known(_team_in_address(request, visit).id), keys)
        elif visit.is_communications_lead:
            charts = await organisation_charts(visit.ctx, keys)
        else:
            raise refuse(request, visit, "not a communications lead", nothing_here())
    return await _file(request, charts)


async def me(request: web.Request) -> web.Response:
    """Show a member their own page: what is known of them, and to nobody else."""
    pages = request.app[PAGES]
    async with pages.core.database.read() as session:
        visit = await visiting(session, request)
        say = visit.ctx.say
        parts = [part for section in pages.own_sections for part in await section(visit.ctx)]
        charts = await own_charts(visit.ctx)
    shows = (
        say("Shown to you alone: your own numbers, what you have chosen, and who has looked."),
        say("Nobody else can open this page, whatever their role."),
    )
    await note_visit(request)
    shown = {
        **_common(visit, say("My page"), visit.ctx.member.name, shows),
        "charts": [_shown(one, "/me/") for one in charts],
        "parts": render(parts, visit.token, say),
        "told": told_before(request, visit),
    }
    response = _page(request, "me.html", shown)
    forget_told(request, response)
    return response


def form_page(
    request: web.Request, visit: Visit, form: Form, opened_by: str, errors: Mapping[str, str]
) -> web.Response:
    """Show a form that the button of this action name opened, with the sentences of what is wrong at its fields."""
    carried = Carried(visit.token, opened_by, uuid.uuid4().hex, errors)
    shown = {
        **_common(visit, form.title, "", ()),
        "form": render_form(form, carried, visit.ctx.say),
    }
    return _page(request, "form.html", shown)


async def my_chart(request: web.Request) -> web.Response:
    """Show a member's own chart as a picture, or its figures as a file."""
    async with request.app[PAGES].core.database.read() as session:
        visit = await visiting(session, request)
        charts = await own_charts(visit.ctx)
    return await _file(request, charts)


def _team_in_address(request: web.Request, visit: Visit) -> HomeTeam:
    """Return the team in the address: one that the visitor leads at this moment, and no other."""
    found = next((team for team in visit.teams if str(team.id) == request.match_info["team"]), None)
    if found is None:
        raise refuse(request, visit, "not the lead of this team", nothing_here())
    return found


async def _file(request: web.Request, charts: Sequence[Chart]) -> web.Response:
    found = next((one for one in charts if one.key == request.match_info["key"]), None)
    kind = request.match_info["kind"]
    if found is None or found.drawing is None or found.table is None:
        raise nothing_here()
    saved = {"Content-Disposition": f'attachment; filename="samlas-{found.key}.{kind}"'}
    if kind == "csv":
        table = as_csv(found.table.head, found.table.rows)
        return web.Response(body=table.encode(), content_type="text/csv", charset="utf-8", headers=saved)
    look, width = _asked(request)
    drawn = await asyncio.to_thread(_drawn, found.drawing, look, width, Kind(kind))
    return web.Response(body=drawn, content_type=_TYPES[Kind(kind)], headers=saved if kind == Kind.PNG else {})


def _drawn(drawing: Drawing, look: Look, width: Width, kind: Kind) -> bytes:
    from adapters.pages.drawing import draw

    return draw(drawing, look, width, kind)


def _get_ready() -> None:
    """Import what draws, while somebody reads the page before it is needed."""
    import adapters.pages.drawing  # noqa: F401 - that is all


def _asked(request: web.Request) -> tuple[Look, Width]:
    try:
        return Look(request.query.get("look", Look.LIGHT)), Width(request.query.get("width", Width.WIDE))
    except ValueError as unknown:
        raise nothing_here() from unknown


def _charts(
    request: web.Request,
    visit: Visit,
    scope: str,
    title: str,
    about: str,
    shows: Sequence[str],
    charts: Sequence[Chart],
) -> web.Response:
    shown = {
        **_common(visit, title, about, shows),
        "charts": [_shown(one, f"/insights/{scope}/") for one in charts],
    }
    return _page(request, "insights.html", shown)


def _team_label(visit: Visit, team: HomeTeam) -> str:
    return visit.ctx.say("My team") if len(visit.teams) == 1 else team.name


def _common(visit: Visit, title: str, about: str, shows: Sequence[str]) -> dict[str, Any]:
    ways = [
        *([("/insights", visit.ctx.say("Organisation"))] if visit.is_communications_lead else []),
        *((f"/insights/team/{team.id}", _team_label(visit, team)) for team in visit.teams),
        ("/me", visit.ctx.say("My page")),
    ]
    return {
        "say": visit.ctx.say,
        "title": title,
        "about": about,
        "shows": shows,
        "nav": ways,
        "token": visit.token,
        "made": visit.ctx.say.moment(visit.ctx.now),
    }


def _shown(one: Chart, base: str) -> dict[str, Any]:
    return {
        "chart": one,
        "base": f"{base}{one.key}",
        "sizes": {width.value: size_of(one.drawing, width) for width in Width} if one.drawing is not None else {},
    }


def _page(request: web.Request, template: str, shown: dict[str, Any]) -> web.Response:
    return aiohttp_jinja2.render_template(template, request, {**shown, "path": request.path})
