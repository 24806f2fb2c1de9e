"""`samlas simulate`: a made-up organisation in virtual time, in a database of its own that is gone afterwards."""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog
from pydantic import ValidationError
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot.errors import Refused
from bot.program import Program
from bot.settings import OrganisationSettings
from bot.texts import Text, Voice, text
from nudges.simulation.people import FEWEST
from nudges.simulation.platform import Said, Sort
from nudges.simulation.promises import Broken, broken_promises
from nudges.simulation.simulating import Lived, Plan, simulate

MOST_SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take how large the organisation is, for how long it lives, its seed, and what to set differently."""
    parser.add_argument("--members", metavar="N", type=int, default=200, help="how many people (default: 200)")
    parser.add_argument("--days", metavar="D", type=int, default=120, help="for how many days (default: 120)")
    parser.add_argument("--seed", metavar="S", type=int, default=1, help="the same seed, the same days (default: 1)")
    parser.add_argument(
        "--setting",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a setting of the organisation, as in quiet_no_sign_working_days=10; may be given several times",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Simulate, print what was sent and whether every promise was kept; 1 when one was not.

    Raises Refused for numbers out of range and for a setting that cannot be used. The configured database is not
    touched.
    """
    if args.members < FEWEST or args.days < 1:
        raise Refused(text("There is something to see from {people} people and 1 day on.", people=FEWEST))
    plan = Plan(args.members, args.days, args.seed, _settings(args.setting))
    # What a process writes down while people are made up is nothing to read; what fails is told as a broken promise.
    failures = _Failures()
    structlog.configure(processors=[failures], wrapper_class=structlog.BoundLogger)
    with tempfile.TemporaryDirectory(prefix="samlas-simulation-") as folder:
        if args.json or not sys.stderr.isatty():
            lived = await simulate(plan, Path(folder))
        else:
            with Progress(console=Console(stderr=True), transient=True) as bar:
                task = bar.add_task(program.say("Living through {days} days", days=args.days), total=args.days)
                lived = await simulate(plan, Path(folder), lambda day: bar.update(task, completed=day))
    broken = broken_promises(lived)
    if args.json:
        print(json.dumps(as_json(lived, broken, failures.counted), ensure_ascii=False, indent=2))
    else:
        _print(lived, broken, failures.counted, program.say)
    return 1 if broken or failures.counted else 0


def _settings(given: Sequence[str]) -> OrganisationSettings:
    """Return the settings with what is given on the command line.

    Raises Refused naming the first that cannot be used.
    """
    values: dict[str, Any] = {}
    for one in given:
        name, equals, value = one.partition("=")
        if not equals or name not in OrganisationSettings.model_fields:
            names = ", ".join(sorted(OrganisationSettings.model_fields))
            raise Refused(text("{name} is not a setting. There are: {names}", name=name, names=names))
        try:
            values[name] = json.loads(value)
        except ValueError:
            values[name] = value
    try:
        return OrganisationSettings.model_validate(values)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        raise Refused(
            text("{name} cannot be used: {reason}.", name=str(first["loc"][0]), reason=first["msg"])
        ) from invalid


class _Failures:
    """Counts what a process logs as an error, by its name, and writes nothing."""

    def __init__(self) -> None:
        self.counted: Counter[str] = Counter()

    def __call__(self, _logger: Any, level: str, entry: Mapping[str, Any]) -> str:
        failed = level in ("error", "critical", "exception")
        # A lane whose process was made to end in the middle of a send has failed as it should.
        if failed and not (entry["event"] == "lane.failed" and type(entry.get("exc_info")).__name__ == "ProcessGone"):
            self.counted[f"{entry['event']} {entry.get('job', '')}".strip()] += 1
        raise structlog.DropEvent


def sent_by_sort(lived: Lived) -> dict[str, int]:
    """Return how many messages of each sort reached somebody; one that is two sorts counts as both."""
    counted = Counter(sort for said in lived.record for sort in said.sorts)
    return {sort.value: counted[sort] for sort in Sort if counted[sort]}


def as_json(lived: Lived, broken: Sequence[Broken], failures: Mapping[str, int]) -> dict[str, Any]:
    """Return what a simulation came to."""
    return {
        "members": lived.plan.members,
        "days": lived.plan.days,
        "seed": lived.plan.seed,
        "sent": sent_by_sort(lived),
        "broken_promises": [
            *(
                {"promise": one.promise, "person": one.person, "at": one.at.isoformat(), "seen": one.seen}
                for one in broken
            ),
            *(
                {"promise": "nothing fails", "person": "", "at": "", "seen": f"{name}: {count}"}
                for name, count in failures.items()
            ),
        ],
    }


_NAMES: dict[Sort, Text] = {
    Sort.NOTICE: text("the notice"),
    Sort.ANNOUNCEMENT: text("announcements"),
    Sort.TIP: text("tips"),
    Sort.INVITATION: text("invitations to talk with a coach"),
    Sort.COACH_OFFER: text("offers of a coach that leads have asked for"),
    Sort.WELCOME: text("welcomes"),
    Sort.REMINDER: text("reminders"),
    Sort.DIGEST: text("digests"),
    Sort.COACHING: text("coaching"),
    Sort.LEAD_CARD: text("cards for team leads"),
    Sort.OTHER: text("answers and other messages"),
}


def told_together(record: Sequence[Said], say: Voice) -> str:
    """Return why the lines add up to more than all unasked-for messages together; "" where they do not.

    What is due to one person in one week comes as one message, which stands in the line of each thing that it says.
    """
    several = sum(said.is_contact and len(said.sorts) > 1 for said in record)
    if not several:
        return ""
    return say.many(
        "{count} of these messages said several things at once, and stands in the line of each.",
        "{count} of these messages said several things at once, and stand in the line of each.",
        several,
    )


def _print(lived: Lived, broken: Sequence[Broken], failures: Mapping[str, int], say: Voice) -> None:
    console = Console(highlight=False)
    table = Table(box=None, pad_edge=False)
    table.add_column(say("What"))
    for heading in (say("Messages"), say("People")):
        table.add_column(heading, justify="right")
    for sort, name in _NAMES.items():
        to = [said.to for said in lived.record if sort in said.sorts]
        if to:
            table.add_row(say.say(name), say.number(len(to)), say.number(len(set(to))))
    contacts = [said.to for said in lived.record if said.is_contact]
    table.add_section()
    table.add_row(say("unasked-for, all together"), say.number(len(contacts)), say.number(len(set(contacts))))
    console.print(table)
    together = told_together(lived.record, say)
    if together:
        console.print(together, markup=False)
    people = sum(not person.is_bot for person in lived.people)
    if contacts:
        each = f"{len(contacts) / people / lived.plan.days * 30:.1f}"
        console.print(say("That is {each} unasked-for messages a person in 30 days.", each=each), markup=False)
    for one in broken[:MOST_SHOWN]:
        console.print(
            say(
                "Broken: {promise}. {person}, {moment}. {seen}",
                promise=one.promise,
                person=one.person,
                moment=one.at.isoformat(timespec="minutes"),
                seen=one.seen,
            ),
            markup=False,
        )
    for failure, count in failures.items():
        console.print(say("Failed: {name}, {count} times.", name=failure, count=count), markup=False)
    if broken:
        console.print(
            say.many("{count} promise was not kept.", "{count} promises were not kept.", len(broken)), markup=False
        )
    elif not failures:
        console.print(say("Every promise was kept."), markup=False)
