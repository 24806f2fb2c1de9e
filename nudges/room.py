"""What this room adds to the program: its handlers, its messages, its chat command and its jobs."""

from datetime import datetime, timedelta

from bot.context import Handlers, Spoken, SpokenByName, known
from bot.jobs import Jobs
from bot.texts import Text, text
from nudges import answers, overview
from nudges.notice import NOTICE, compose_notice, tell_newcomers
from nudges.planning import plan_rounds
from nudges.tips import TIP, compose_tip, tip_settled
from storage.counting import forget_identities
from storage.database import Session
from storage.workspaces import all_workspaces

# The chat commands of this room, each with one line of help.
COMMANDS: dict[str, Text] = {
    "nudges": text("For communications leads: who may like an invitation"),
}

# Long after a platform has stopped repeating what it was not thanked for.
IDENTITIES_KEPT = timedelta(days=2)


def handlers() -> Handlers:
    """Return this room's handlers by action name."""
    return {**overview.handlers(), **answers.handlers()}


def spoken() -> SpokenByName:
    """Return this room's outgoing messages by name."""
    return {NOTICE: Spoken(compose_notice), TIP: Spoken(compose_tip, tip_settled)}


def jobs() -> Jobs:
    """Return what is done because it is time."""
    return {"nudges.newcomers": tell_newcomers, "nudges.round": plan_rounds, "counting.sweep": sweep}


async def sweep(session: Session, now: datetime) -> None:
    """Forget the identities of what happened more than two days ago."""
    for workspace in await all_workspaces(session):
        await forget_identities(session, known(workspace.id), before=(now - IDENTITIES_KEPT).date())
