"""`samlas nudges`: see, without anything being sent, whom the ladder would reach and why."""

import argparse
import json
import sys
from collections.abc import Sequence

from pydantic import ValidationError
from rich.console import Console
from rich.table import Table
from rich.text import Text as Plain

from bot.commands.days import day_of
from bot.context import known
from bot.errors import Refused
from bot.organisation.effect import DECIDING, Effect, effect_in_words, is_touched
from bot.program import Program
from bot.settings import OrganisationSettings
from bot.texts import Voice, text
from bot.workspaces import choose_workspace
from nudges.due import Due, all_due
from nudges.ladder import Step
from nudges.leads_view import by_name, display_name
from nudges.overview import PREVIEW
from nudges.quiet import in_words
from nudges.sieving import the_day_before, through
from nudges.stage import may_look
from storage.nudging import last_imported_day, log_looks
from storage.tables import Platform


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to see of the nudges."""
    asked = parser.add_subparsers(dest="asked", metavar="WHAT", required=True)
    preview = asked.add_parser("preview", help="who would get a nudge, and why")
    preview.add_argument("--workspace", metavar="W", help="the workspace's name (default: the only one)")
    preview.add_argument(
        "--as-of",
        metavar="DAY",
        help="look at nothing after this day, as in 2027-03-01 (default: now; of an import, its last day)",
    )
    preview.add_argument(
        "--setting",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="what it would be with another setting, as in quiet_no_sign_working_days=10; nothing is kept",
    )
    preview.add_argument("--json", action="store_true", help="print JSON")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Print who would get a nudge, and leave a line for each of them that somebody looked.

    Raises Refused for a day that is not one, and before the workspace's notice has been given.
    """
    now = program.clock.now()
    asked = day_of("--as-of", args.as_of) if args.as_of is not None else None
    async with program.database() as database:
        async with database.read() as session:
            workspace = await choose_workspace(session, args.workspace)
            if not may_look(workspace):
                raise Refused(
                    text(
                        "Nothing is kept about single people in {name} before the notice has been given to everybody."
                        " A communications lead gives it with {/nudges}.",
                        name=workspace.name,
                    )
                )
            settings = OrganisationSettings.model_validate(workspace.settings)
            imported = None
            if asked is None and workspace.platform == Platform.IMPORTED:
                # Nothing after it was seen, so that silence since then says nothing.
                imported = await last_imported_day(session, known(workspace.id))
            until = asked or imported
            as_of = the_day_before(now) if until is None else through(until)
            tried = with_settings(settings, args.setting)
            due = by_name([one async for one in all_due(session, workspace, tried, as_of)])
            effect = None
            if is_touched(settings, tried):
                before = sum([1 async for _ in all_due(session, workspace, settings, as_of)])
                effect = effect_in_words(settings, tried, Effect(before, len(due)), program.say)
        async with database.begin() as session:
            about = [known(one.member.id) for one in due]
            await log_looks(session, known(workspace.id), about, by_member_id=None, what=PREVIEW, now=now)
    if imported is not None:
        print(program.say("As of {day}, the last day that was imported.", day=imported), file=sys.stderr)
    if effect is not None:
        print(effect, file=sys.stderr)
    if args.json:
        print(json.dumps([_as_json(one) for one in due], ensure_ascii=False, indent=2))
    else:
        _print_table(due, tried, program.say)
    return 0


def with_settings(settings: OrganisationSettings, given: Sequence[str]) -> OrganisationSettings:
    """Return the settings with others in their place, each given as "quiet_fell=false"; several weeks as "28,29".

    Raises Refused for a setting that does not decide who counts as quiet, and for a value that cannot be used.
    """
    changed: dict[str, object] = {}
    for one in given:
        name, _, value = one.partition("=")
        if name not in DECIDING:
            raise Refused(
                text("There is no such setting: {name}. There are {names}.", name=name, names=", ".join(DECIDING))
            )
        changed[name] = [week for week in value.split(",") if week] if name == "quiet_weeks" else value or None
    try:
        return OrganisationSettings.model_validate({**settings.model_dump(), **changed})
    except ValidationError as refused:
        name = str(refused.errors()[0]["loc"][0])
        raise Refused(text("This setting cannot have that value: {name}.", name=name)) from refused


def _as_json(due: Due) -> dict[str, str]:
    return {
        "member": due.member.external_id,
        "name": display_name(due.member),
        "step": due.step.value,
        "reason": due.reason.value,
    }


def _print_table(due: Sequence[Due], settings: OrganisationSettings, say: Voice) -> None:
    console = Console(highlight=False)
    if not due:
        console.print(say("Nobody would get a tip just now."), markup=False)
        return
    table = Table(box=None, pad_edge=False)
    for heading in (say("Name"), say("Gets"), say("Why")):
        table.add_column(heading)
    for one in due:
        # Text, so that nothing in a name is read as markup.
        row = (display_name(one.member), say.say(_GETS[one.step]), say.say(in_words(one.reason, settings)))
        table.add_row(*(Plain(words) for words in row))
    console.print(table)
    tips, invited, named = (
        sum(1 for one in due if one.step is step) for step in (Step.TIP, Step.INVITATION, Step.SUGGESTION)
    )
    if tips:
        console.print(
            say.many("{count} person would get a friendly tip.", "{count} people would get a friendly tip.", tips),
            markup=False,
        )
    if invited:
        console.print(
            say.many(
                "{count} person would be invited to talk with a coach.",
                "{count} people would be invited to talk with a coach.",
                invited,
            ),
            markup=False,
        )
    if named:
        console.print(
            say.many(
                "{count} person would be named to their team lead.",
                "{count} people would be named to their team leads.",
                named,
            ),
            markup=False,
        )


_GETS = {
    Step.TIP: text("a tip"),
    Step.INVITATION: text("an invitation to talk"),
    Step.SUGGESTION: text("a word to their lead"),
}
