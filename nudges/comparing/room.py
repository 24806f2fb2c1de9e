"""What *Does it work?* adds to this room: its handlers and its job."""

from bot.context import Handlers
from bot.jobs import Jobs
from nudges.comparing import deciding, taking_in


def handlers() -> Handlers:
    """Return the handlers of what a communications lead presses, by action name."""
    return deciding.handlers()


def jobs() -> Jobs:
    """Return what is done because it is time."""
    return {"nudges.comparing": taking_in.sum_up}
