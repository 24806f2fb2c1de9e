"""`samlas import`: count the history in a file, or take over the organisation's own list of people."""

import argparse
import json
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from bot.calendars import calendar_of_organisation
from bot.commands.migrate import bring_up_to_date
from bot.context import known
from bot.errors import ImportRefused
from bot.importing.archive import open_archive
from bot.importing.slack_export import SlackExport, day_file_bytes, read_slack_export
from bot.people.csv_file import Mistakes, in_words, open_people
from bot.people.importing import check, check_leads, kept_until_written, prepare, write
from bot.people.telling import in_sentences
from bot.program import Program
from bot.settings import OrganisationSettings
from bot.texts import Voice, texts
from bot.workspaces import new_workspace, workspace_to_import_into, workspace_to_list_people_of
from storage.importing import NewWorkspace, Stored, store_history


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take what kind of file it is, and where it is."""
    kinds = parser.add_subparsers(dest="kind", metavar="WHAT", required=True)
    export = kinds.add_parser("slack-export", help="the zip file that Slack's own export makes")
    export.add_argument("file", metavar="FILE.zip", type=Path)
    export.add_argument(
        "--workspace", metavar="W", help="the workspace's name (default: the only one, else one named import)"
    )
    export.add_argument("--json", action="store_true", help="print JSON")
    people = kinds.add_parser("people", help="the organisation's own list of people (docs/people-csv.md)")
    people.add_argument("file", metavar="FILE.csv", type=Path)
    people.add_argument("--workspace", metavar="W", help="the workspace's name (default: the only one)")
    people.add_argument(
        "--complete",
        action="store_true",
        help="this file is everybody: listed people who are not in it are no longer listed",
    )
    people.add_argument("--dry-run", action="store_true", help="say what would change, and change nothing")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Import what was asked for. Raises ImportRefused and Refused as the two below."""
    return await (import_people(args, program) if args.kind == "people" else import_export(args, program))


async def import_people(args: argparse.Namespace, program: Program) -> int:
    """Take over a list of people, all of it or nothing, and print what changes.

    Raises ImportRefused for a file that cannot be used, after every mistake in it has been printed with its line and
    column, and Refused for a workspace that is not clear.
    """
    now, say = program.clock.now(), program.say
    async with program.database() as database:
        async with database.read() as session:
            workspace = await workspace_to_list_people_of(session, args.workspace)
        workspace_id = known(workspace.id)
        settings = OrganisationSettings.model_validate(workspace.settings)
        with open_people(args.file) as people, kept_until_written() as kept:
            checked = check(people)
            async with database.read() as session:
                await check_leads(session, workspace_id, people, checked)
            _refuse_mistakes(args.file.name, checked.mistakes, say)
            today = calendar_of_organisation(settings).local_day(now)
            prepared = await prepare(database, workspace_id, people, checked, kept, today, is_everybody=args.complete)
            if not args.dry_run:
                await write(database, workspace_id, prepared, now, today)
    if people.unknown:
        print(say("Columns that say nothing to Samlas: {names}.", names=say.listing(people.unknown)), file=sys.stderr)
    for sentence in in_sentences(prepared.difference, say):
        print(sentence)
    print(say("Nothing has been changed: this was only a look.") if args.dry_run else say("The list is in place."))
    return 0


def _refuse_mistakes(name: str, mistakes: Mistakes, say: Voice) -> None:
    if not mistakes.count:
        return
    for mistake in mistakes.first:
        print(say.say(in_words(mistake)), file=sys.stderr)
    raise ImportRefused(
        texts(
            "{count} cell of {file} cannot be used, so nothing has been changed.",
            "{count} cells of {file} cannot be used, so nothing has been changed.",
            mistakes.count,
            file=name,
        )
    )


async def import_export(args: argparse.Namespace, program: Program) -> int:
    """Import an export from Slack, and print what it holds and what of it was there already.

    The file is read to its end before the database is touched, or made where there is none yet. Raises ImportRefused
    for a file that cannot be used, and Refused for a workspace that is not clear; either way nothing has changed.
    """
    into = await _to_import_into(args.workspace, program)
    export = _read(args.file, program.say)
    if program.has_no_database_yet():
        bring_up_to_date(program)
    async with program.database() as database, database.begin() as session:
        stored = await store_history(session, into, export.history, program.clock.now())
    if args.json:
        print(json.dumps(_as_json(export, stored)))
    else:
        _print(export, stored, program.say)
    return 0


async def _to_import_into(name: str | None, program: Program) -> int | NewWorkspace:
    if program.has_no_database_yet():
        return new_workspace(name)
    async with program.database() as database, database.read() as session:
        found = await workspace_to_import_into(session, name)
    return found if isinstance(found, NewWorkspace) else known(found.id)


def _read(file: Path, say: Voice) -> SlackExport:
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with (
        open_archive(file) as archive,
        Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        reading = progress.add_task(say("Reading the export"), total=day_file_bytes(archive))
        return read_slack_export(archive, lambda packed: progress.advance(reading, packed))


def _as_json(export: SlackExport, stored: Stored) -> dict[str, int]:
    totals = export.totals
    return {
        "messages": totals.messages,
        "thread_replies": totals.thread_replies,
        "members": totals.members,
        "channels": totals.channels,
        "already_counted": stored.already_counted,
        "skipped": totals.skipped,
    }


def _print(export: SlackExport, stored: Stored, say: Voice) -> None:
    totals = export.totals
    print(
        say(
            "{messages} and {replies}, from {members} in {channels}.",
            messages=say.many("{count} message", "{count} messages", totals.messages),
            replies=say.many("{count} reply in a thread", "{count} replies in threads", totals.thread_replies),
            members=say.many("{count} member", "{count} members", totals.members),
            channels=say.many("{count} channel", "{count} channels", totals.channels),
        )
    )
    if stored.already_counted:
        print(
            say.many(
                "{count} of them had been counted before, and is not counted again.",
                "{count} of them had been counted before, and are not counted again.",
                stored.already_counted,
            )
        )
    if totals.skipped:
        print(
            say.many(
                "{count} entry was left out: joins, bots, people from outside and the like do not count.",
                "{count} entries were left out: joins, bots, people from outside and the like do not count.",
                totals.skipped,
            )
        )
    if stored.channels_left_out:
        print(
            say.many(
                "{count} channel was left out, because Samlas is not in it.",
                "{count} channels were left out, because Samlas is not in them.",
                stored.channels_left_out,
            )
        )
    if stored.by_name and stored.not_told:
        print(
            say.many(
                "Of {count} person only the channels' sums are kept: the notice has not reached them yet.",
                "Of {count} people only the channels' sums are kept: the notice has not reached them yet.",
                stored.not_told,
            )
        )
    if not stored.by_name:
        print(
            say(
                "Only the channels' sums are kept before the notice has been given to everybody."
                " Import the file again after it, and nothing is counted twice."
            )
        )
