"""`samlas serve`: run the bot until it is told to stop."""

import argparse
import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import replace
from http import HTTPStatus

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.clock import MovableClock, WallClock
from bot.collecting import collected_seldom
from bot.commands.migrate import bring_up_to_date
from bot.commands.waiting import listen, wait_for_tables
from bot.config import LOCAL_DATABASE_URL, LOOPBACK, Config, given_variables
from bot.ending import KEPT_FOR_THE_REST_SECONDS, REQUESTS_WITHIN_SECONDS, Ending
from bot.errors import ConfigurationError
from bot.getting_in import Door
from bot.program import Program
from bot.texts import text
from bot.variables import unread_variables
from bot.wiring import Serving, configured_surfaces, pages, rooms, variables, wire
from bot.workspaces import made_up_among
from storage.database import Database
from storage.errors import AlreadyServed
from storage.health import waiting_to_go_out
from storage.lanes import lane_holders
from storage.workspaces import all_workspaces, any_workspace, product_offset

log = structlog.get_logger()


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take whether to serve the local chat."""
    parser.add_argument(
        "--local",
        action="store_true",
        help="the local web chat with a made-up organisation, on this machine only",
    )


async def run(args: argparse.Namespace, program: Program) -> int:
    """Migrate (on SQLite), serve until SIGINT or SIGTERM, and end what is under way.

    Raises ConfigurationError when there is nothing to serve, when the local chat would be reachable from elsewhere,
    when made-up people and real ones would come into one database, and when the port or the database is taken.
    """
    if args.local:
        program = replace(program, config=program.config.for_local_chat())
    config = program.config
    for name, meant in unread_variables(given_variables(), variables()).items():
        log.warning("serve.unread_variable", variable=name, meant=meant)
    if args.local and config.host not in LOOPBACK:
        raise ConfigurationError(
            text(
                "The local chat lets everybody be anybody, so it is served on this machine only. SAMLAS_HOST is {host};"
                " take it away, or set it to 127.0.0.1.",
                host=config.host,
            )
        )
    if args.local and program.is_shared():
        raise ConfigurationError(
            text(
                "The local chat is for one person on one machine, and keeps its made-up organisation in a SQLite file."
                " Take SAMLAS_DATABASE_URL away, or name such a file in it."
            )
        )
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    if not program.is_shared():
        bring_up_to_date(program)
    elif not await wait_for_tables(program, stop):
        return 0
    async with program.database() as database:
        with _alone(database):
            await _refuse_strangers(database, is_local=args.local)
            local = await _movable_clock(database) if args.local else None
            found_at: list[str] = [config.base_url.rstrip("/")] if config.base_url and not args.local else []
            door = Door(lambda: found_at[0] if found_at else None)
            serving = wire(database, local or WallClock(), configured_surfaces(config, local=local), rooms(door))
            if not serving.surfaces:
                raise ConfigurationError(
                    text(
                        "There is nothing to serve yet. Try Samlas in its local chat: samlas serve --local. Or set the"
                        " variables of Slack or Teams (docs/slack.md, docs/teams.md)."
                    )
                )
            async with _running(serving, database, config, door) as address:
                if args.local:
                    # The port may have been chosen by the system.
                    found_at.append(address.rstrip("/"))
                print(program.say("Samlas is here: {address}", address=address), flush=True)
                await stop.wait()
    return 0


async def _refuse_strangers(database: Database, *, is_local: bool) -> None:
    """Keep the made-up organisation and a real one from moving in with each other."""
    async with database.read() as session:
        workspaces = await all_workspaces(session)
    made_up = made_up_among(workspaces)
    if is_local and workspaces and made_up is None:
        raise ConfigurationError(
            text(
                "{path} is the database of {name}, and the local chat's made-up people would move in there. Name"
                " another one in SAMLAS_DATABASE_URL, such as {local}.",
                path=str(database.address),
                name=workspaces[0].name,
                local=LOCAL_DATABASE_URL,
            )
        )
    if made_up is not None and not is_local:
        raise ConfigurationError(
            text(
                "{path} is the database of the local chat, and the people of {name} in it are made up. Name another"
                " one in SAMLAS_DATABASE_URL, or go on in the local chat: samlas serve --local",
                path=str(database.address),
                name=made_up.name,
            )
        )


@contextmanager
def _alone(database: Database) -> Iterator[None]:
    try:
        with database.served_alone():
            yield
    except AlreadyServed as served:
        raise ConfigurationError(
            text(
                "Another process serves {path} already, and a SQLite database is served by one. Stop that one first, or"
                " name another database in SAMLAS_DATABASE_URL.",
                path=str(served),
            )
        ) from served


async def _movable_clock(database: Database) -> MovableClock:
    async with database.read() as session:
        return MovableClock(await product_offset(session))


@asynccontextmanager
async def _running(serving: Serving, database: Database, config: Config, door: Door) -> AsyncIterator[str]:
    """Serve for the length of a block; gives the address at which people find it.

    At its end nothing new is taken or sent, and what is under way is finished or let go within the time of one ending.
    """
    ending, stop_sending = Ending(), asyncio.Event()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(ending.step, "counting", serving.counter.close)
        surfaces = AsyncExitStack()
        stack.push_async_callback(ending.step, "surfaces", surfaces.aclose)
        for surface in serving.surfaces:
            await surfaces.enter_async_context(surface.lifespan())
        sending = asyncio.create_task(serving.sender.run(stop_sending))
        stack.push_async_callback(ending.step, "sending", lambda: sending, besides=KEPT_FOR_THE_REST_SECONDS)
        # Also where serving could not begin.
        stack.callback(stop_sending.set)
        made = application(serving, database)
        pages(serving.core, door)(made)
        runner = web.AppRunner(made, access_log=None, shutdown_timeout=REQUESTS_WITHIN_SECONDS)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await listen(runner, config)
        serving.ticker.start()
        afterwards = REQUESTS_WITHIN_SECONDS + KEPT_FOR_THE_REST_SECONDS
        stack.push_async_callback(ending.step, "tick", serving.ticker.stop, besides=afterwards)
        # First of all: while the last requests are answered, the sender finishes what is under way.
        stack.callback(stop_sending.set)
        stack.callback(ending.begin)
        # By now all that lives as long as the process is there.
        stack.enter_context(collected_seldom())
        host, port = runner.addresses[0][:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}/"


def application(serving: Serving, database: Database) -> web.Application:
    """Return the web server of one process: its health, its figures, and every surface's routes."""
    made = web.Application()

    async def healthz(_request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def readyz(_request: web.Request) -> web.Response:
        try:
            async with database.read() as session:
                await any_workspace(session)
        except Exception:  # noqa: BLE001 - whatever it is, the database does not answer
            return web.Response(text="the database does not answer", status=HTTPStatus.SERVICE_UNAVAILABLE)
        return web.Response(text="ready")

    async def metrics(_request: web.Request) -> web.Response:
        try:
            async with database.read() as session:
                waiting = await waiting_to_go_out(session, serving.core.clock.now())
                holders = await lane_holders(session)
        except Exception as trouble:  # noqa: BLE001 - whatever it is, the database does not answer
            log.warning("metrics.without_database", reason=type(trouble).__name__)
            body = serving.measures.exposition_without_database()
        else:
            body = serving.measures.exposition(waiting, holders)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    made.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", metrics)])
    for mount in serving.routes:
        mount(made)
    return made
