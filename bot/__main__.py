"""The `samlas` command. It wires everything, and imports only what the asked-for command needs."""

import argparse
import asyncio
import importlib
import logging
import sys
from typing import TYPE_CHECKING

from bot import __version__

if TYPE_CHECKING:
    from bot.config import Config

# name: (module with `arguments` and `run`, one line of help)
COMMANDS = {
    "serve": ("bot.commands.serve", "run the bot"),
    "doctor": ("bot.commands.doctor", "look at everything Samlas needs, and say what to do"),
    "migrate": ("bot.commands.migrate", "bring the database's tables up to date"),
    "import": ("bot.commands.import_", "count the history in a file"),
    "export": ("bot.commands.export", "take out the decision log, or all that is kept about one person"),
    "erase": ("bot.commands.erase", "forget one person, and say before what goes and what stays"),
    "participation": ("bot.commands.participation", "print the counts of taking part"),
    "rotate-secrets": ("bot.commands.rotate_secrets", "encrypt the stored tokens under the first key"),
    "slack-manifest": ("adapters.slack.command", "print the manifest of the Slack app"),
    "nudges": ("nudges.command", "see who would get a nudge, and why"),
    "simulate": ("nudges.simulation.command", "a made-up organisation in virtual time: what is sent, and to whom"),
    "bench": ("benchmarks.command", "measure how fast Samlas is, against the least that could do the work"),
    "teams-package": ("adapters.teams.package_command", "write the app package for Microsoft Teams"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns its exit status (2 for something a person has to put right)."""
    given = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(
        prog="samlas", description="Announcements, anchored decisions, and nobody left outside."
    )
    parser.add_argument("--version", action="version", version=f"samlas {__version__}")
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    asked = next((word for word in given if not word.startswith("-")), None)
    for name, (module, help_line) in COMMANDS.items():
        subparser = subparsers.add_parser(name, help=help_line, description=help_line)
        if name == asked:
            importlib.import_module(module).arguments(subparser)
    return _run(parser.parse_args(given))


def _run(args: argparse.Namespace) -> int:
    # Whoever asked for help or the version has it by now.
    from bot.clock import WallClock
    from bot.errors import SamlasError
    from bot.program import Program, terminal_voice

    log_to_stderr()
    say = terminal_voice()
    try:
        program = Program(load_config(), WallClock(), say)
        command = importlib.import_module(COMMANDS[args.command][0])
        return int(asyncio.run(command.run(args, program)))
    except SamlasError as refusal:
        print(say.say(refusal.sentence), file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def load_config() -> "Config":
    """Read the environment.

    Raises ConfigurationError naming the first variable that cannot be used.
    """
    from pydantic import ValidationError

    from bot.config import Config
    from bot.errors import ConfigurationError
    from bot.texts import text

    try:
        return Config()
    except ValidationError as invalid:
        first = invalid.errors()[0]
        raise ConfigurationError(
            text(
                "SAMLAS_{variable} cannot be used: {reason}.",
                variable=str(first["loc"][0]).upper(),
                reason=first["msg"],
            )
        ) from invalid


def log_to_stderr() -> None:
    """Write structured logs, one JSON object a line, where they do not mix with a command's output.

    What libraries have to say by Python's own logging comes in the same form, from warnings on.
    """
    import structlog

    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    written: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(
            structlog.stdlib.ProcessorFormatter(
                foreign_pre_chain=[*processors, structlog.stdlib.add_logger_name],
                processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, written],
            )
        )
    structlog.configure(
        processors=[*processors, written],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


if __name__ == "__main__":
    sys.exit(main())
