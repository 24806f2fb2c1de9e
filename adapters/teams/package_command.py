"""`samlas teams-package`: write the app package to upload to Teams. Needs the app id and the base URL only."""

import argparse
import re
from pathlib import Path
from typing import Final

from adapters.teams.config import TeamsConfig
from adapters.teams.package import package
from bot.errors import ConfigurationError
from bot.program import Program
from bot.texts import text

FILE: Final = "samlas-teams.zip"
_APP_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take where to write it."""
    parser.add_argument("--out", type=Path, default=Path(), help="the folder to write it to (default: here)")


async def run(args: argparse.Namespace, program: Program) -> int:
    """Write the package, and say where.

    Raises ConfigurationError for an app id or a base URL that Teams would not take.
    """
    app_id = TeamsConfig().app_id.strip()
    if _APP_ID.fullmatch(app_id) is None:
        raise ConfigurationError(
            text(
                "MICROSOFT_APP_ID has to be the app id of the bot's registration, such as"
                " 11111111-2222-3333-4444-555555555555 (docs/teams.md)."
            )
        )
    base_url = program.config.public_url()
    path = args.out / FILE
    try:
        path.write_bytes(package(app_id, base_url))
    except OSError as failure:
        raise ConfigurationError(
            text("Cannot write {path}: {reason}.", path=str(path), reason=failure.strerror or "?")
        ) from failure
    print(program.say("The package is here: {path}. How to upload it: docs/teams.md.", path=str(path)))
    return 0
