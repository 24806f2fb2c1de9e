"""`samlas bench`: measure what Samlas promises about its speed, each figure against the least that could do the work.

Each measurement runs in a process of its own, in temporary databases; the configured one is never touched.
"""

import argparse
import json
import subprocess
import sys

from benchmarks.figures import by_name
from benchmarks.measuring import ROUNDS, Goal, need
from benchmarks.processes import ROOT
from bot.errors import Refused
from bot.program import Program
from bot.texts import text


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take which figure, and how it is told."""
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--only", metavar="NAME", help="one figure: " + ", ".join(by_name()))
    parser.add_argument("--rounds", metavar="N", type=int, default=ROUNDS, help=f"how often (default: {ROUNDS})")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Measure and print; returns 1 when a median misses its goal.

    Raises Refused for a figure that there is not, for fewer rounds than say anything, and where something is not
    installed that it is measured against.
    """
    known = by_name()
    if args.only is not None and args.only not in known:
        raise Refused(text("There is no figure {name}. There are: {names}", name=args.only, names=", ".join(known)))
    if args.rounds < ROUNDS:
        raise Refused(text("Fewer than {rounds} rounds say nothing on a machine that others use too.", rounds=ROUNDS))
    asked = list(known) if args.only is None else [args.only]
    need(*dict.fromkeys(module for name in asked for module in known[name].needs))
    found: dict[str, dict[str, float]] = {}
    while left := [name for name in asked if name not in found]:
        measured = _measured(left[0], args.rounds)
        found |= {name: result for name, result in measured.items() if name in asked}
        if not args.json:
            for name in measured:
                if name in asked:
                    print(_line(name, found[name], known[name].goals[name], program), flush=True)
    if args.json:
        print(json.dumps(found, indent=2))
    return 0 if all(known[name].goals[name].is_reached_by(result["median"]) for name, result in found.items()) else 1


def _measured(name: str, rounds: int) -> dict[str, dict[str, float]]:
    measured = subprocess.run(
        [sys.executable, "-m", "benchmarks.one", name, str(rounds)], cwd=ROOT, stdout=subprocess.PIPE, check=True
    )
    found: dict[str, dict[str, float]] = json.loads(measured.stdout)
    return found


def _line(name: str, result: dict[str, float], goal: Goal, program: Program) -> str:
    reached = program.say("reached") if goal.is_reached_by(result["median"]) else program.say("missed")
    wanted = f"{'<=' if goal.at_most else '>='} {goal.value:g}"
    return f"{name:28} {result['median']:>9g}  ({result['low']:g} - {result['high']:g})  {wanted:>9}  {reached}"
