"""`samlas erase`: forget one person, as they can themselves; without a yes it only says what goes and what stays."""

import argparse

from bot.commands.members import choose_member
from bot.context import context_for, known
from bot.names import shown_name
from bot.privacy.erasing import erase, refuse_last_lead
from bot.privacy.what_goes import ABOUT_THEM, what_goes, what_stays
from bot.program import Program
from bot.wiring import partings, rooms
from bot.workspaces import choose_workspace
from storage.personal.holdings import holdings_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take whom to erase, and the yes."""
    parser.add_argument("--member", metavar="WHO", required=True, help="their e-mail address, or the platform's id")
    parser.add_argument("--workspace", metavar="W", help="the workspace's name (default: the only one)")
    parser.add_argument("--yes", action="store_true", help="do it; without it, say what goes and what stays")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Say what goes and what stays; with `--yes`, erase them. Done again, it finds nobody and changes nothing.

    Raises Refused for somebody who is not there, and for the last communications lead.
    """
    say = program.say
    async with program.database() as database, database.begin() as session:
        workspace = await choose_workspace(session, args.workspace)
        ctx = context_for(session, program.clock.now(), workspace)
        member = await choose_member(ctx, args.member)
        await refuse_last_lead(ctx, member)
        held = await holdings_of(session, ctx.workspace_id, known(member.id))
        name = shown_name(member)
        if args.yes:
            await erase(ctx, member, partings(rooms()))
    if args.yes:
        print(say("Samlas keeps nothing about them any more."))
        return 0
    print(say("What goes of {name}:", name=name))
    for line in what_goes(held, ABOUT_THEM, say):
        print(f"  - {line}")
    print(say("What stays:"))
    for line in what_stays(held, workspace.platform, ABOUT_THEM, say):
        print(f"  - {line}")
    print(say("Nothing has been erased. To do it, run the same again with --yes."))
    return 0
