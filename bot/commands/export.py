"""`samlas export`: take something out of the database, as files that people keep."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.commands.members import choose_member
from bot.context import context_for, known
from bot.decision_log.export import Exported, as_csv, as_markdown, file_names
from bot.decision_log.exporting import CSV_NAME, exported
from bot.errors import Refused
from bot.privacy.exporting import EXPORTED, export_of
from bot.program import Program
from bot.texts import Voice, text
from bot.workspaces import choose_workspace
from storage.decision_log import decision_log
from storage.nudging import log_looks


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take what to export, in which form, and where to."""
    parser.add_argument("--member", metavar="WHO", help="one person, by e-mail address or the platform's id, as JSON")
    parser.add_argument("--workspace", metavar="W", help="the workspace's name (default: the only one)")
    parser.add_argument("--file", metavar="FILE", type=Path, help="where one person's data goes (default: printed)")
    kinds = parser.add_subparsers(dest="kind", metavar="WHAT")
    decisions = kinds.add_parser("decisions", help="the decision log: a file a decision, or one table")
    # What was given before the word stays.
    decisions.add_argument(
        "--workspace", metavar="W", default=argparse.SUPPRESS, help="the workspace's name (default: the only one)"
    )
    decisions.add_argument("--format", choices=("markdown", "csv"), default="markdown", help="default: markdown")
    decisions.add_argument("--out", metavar="DIR", type=Path, required=True, help="the folder to write into")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Export what was asked for.

    Raises Refused where nothing, or two things, were asked for, and as the two below do.
    """
    if (args.member is None) == (args.kind is None):
        raise Refused(
            text("Please say what to export: samlas export decisions --out DIR, or samlas export --member E-MAIL")
        )
    if args.member is not None:
        return await _export_member(args, program)
    return await _export_decisions(args, program)


async def _export_member(args: argparse.Namespace, program: Program) -> int:
    """Print, or write, everything that is kept about one member; they can read that somebody has looked.

    Raises Refused for somebody who is not there, and where the file cannot be written.
    """
    async with program.database() as database, database.begin() as session:
        workspace = await choose_workspace(session, args.workspace)
        ctx = context_for(session, program.clock.now(), workspace)
        member = await choose_member(ctx, args.member)
        await log_looks(session, ctx.workspace_id, [known(member.id)], by_member_id=None, what=EXPORTED, now=ctx.now)
        kept = (await export_of(ctx, member)).decode()
    if args.file is None:
        print(kept)
        return 0
    _write(args.file.parent, {args.file.name: kept})
    print(program.say("Everything that is kept about them is in {file}.", file=str(args.file)))
    return 0


async def _export_decisions(args: argparse.Namespace, program: Program) -> int:
    """Write every published decision of a workspace, in the organisation's language, and say how many.

    What stood in files of the same names is replaced; others in the folder are left alone. Raises Refused where the
    folder cannot be written into, and for a workspace that is not clear.
    """
    async with program.database() as database, database.read() as session:
        workspace = await choose_workspace(session, args.workspace)
        ctx = context_for(session, program.clock.now(), workspace)
        logged = await decision_log(session, ctx.workspace_id, None)
        decisions = [await exported(ctx, one, with_the_record=True) for one in logged]
    if args.format == "csv":
        files = {CSV_NAME: as_csv(decisions, ctx.say)}
    else:
        names = file_names(decisions)
        files = {names[one.number]: as_markdown(one, names, ctx.say) for one in decisions}
    _write(args.out, files)
    print(_told(decisions, args.out, program.say))
    return 0


def _write(folder: Path, files: dict[str, str]) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (folder / name).write_text(content, encoding="utf-8", newline="")
    except OSError as failed:
        raise Refused(
            text("Samlas cannot write into {folder}: {reason}.", folder=str(folder), reason=failed.strerror or "")
        ) from failed


def _told(decisions: Sequence[Exported], folder: Path, say: Voice) -> str:
    return say.many(
        "{count} decision is in {folder}.", "{count} decisions are in {folder}.", len(decisions), folder=str(folder)
    )
