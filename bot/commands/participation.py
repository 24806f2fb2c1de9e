"""`samlas participation`: how often people took part, by day and kind, summed over a workspace."""

import argparse
import json
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bot.commands.days import day_of
from bot.context import known
from bot.errors import Refused
from bot.program import Program
from bot.texts import Text, Voice, text
from bot.workspaces import choose_workspace
from storage.participation import DaySum, day_sums
from storage.tables import Kind

_HEADINGS: dict[Kind, Text] = {
    Kind.MESSAGE: text("Messages"),
    Kind.THREAD_REPLY: text("Replies"),
    Kind.REACTION: text("Reactions"),
    Kind.READ: text("Read"),
    Kind.QUESTION: text("Questions"),
    Kind.COMMAND: text("Commands"),
    Kind.HOME: text("Home"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take which workspace and which days."""
    parser.add_argument("--workspace", metavar="W", help="the workspace's name (default: the only one)")
    parser.add_argument("--from", dest="first", metavar="DAY", help="no day before this one, as in 2027-03-01")
    parser.add_argument("--to", dest="last", metavar="DAY", help="no day after this one")
    parser.add_argument("--json", action="store_true", help="print JSON")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Print the workspace's sums by UTC day and kind; a day or kind without any is left out.

    Raises Refused for a day that is not one, and for days the wrong way round.
    """
    first = day_of("--from", args.first) if args.first is not None else None
    last = day_of("--to", args.last) if args.last is not None else None
    if first is not None and last is not None and first > last:
        raise Refused(text("--from {first} comes after --to {last}.", first=str(first), last=str(last)))
    async with program.database() as database, database.read() as session:
        workspace = await choose_workspace(session, args.workspace)
        sums = await day_sums(session, known(workspace.id), first=first, last=last)
    if args.json:
        print(json.dumps([_as_json(each) for each in sums], indent=2))
    else:
        _print_table(sums, program.say)
    return 0


def _as_json(each: DaySum) -> dict[str, str | int]:
    return {"day": each.day.isoformat(), "kind": each.kind.name.lower(), "count": each.count}


def _print_table(sums: Sequence[DaySum], say: Voice) -> None:
    console = Console(highlight=False)
    if not sums:
        console.print(say("Nothing has been counted on these days."), markup=False)
        return
    counts = {(each.day, each.kind): each.count for each in sums}
    kinds = [kind for kind in Kind if any(each.kind is kind for each in sums)]
    table = Table(box=None, pad_edge=False)
    table.add_column(say("Day"))
    for kind in kinds:
        table.add_column(say.say(_HEADINGS[kind]), justify="right")
    for day in dict.fromkeys(each.day for each in sums):
        numbers = (counts.get((day, kind)) for kind in kinds)
        table.add_row(day.isoformat(), *("" if number is None else say.number(number) for number in numbers))
    console.print(table)
