"""`samlas slack-manifest`: print the manifest to make the Slack app from."""

import argparse

from adapters.slack.manifest import PLACEHOLDER, as_yaml
from bot.program import Program


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take which way of serving the manifest is for."""
    parser.add_argument(
        "--socket-mode",
        action="store_true",
        help="for one workspace by Socket Mode, without a public address",
    )


async def run(args: argparse.Namespace, program: Program) -> int:
    """Print the manifest; with SAMLAS_BASE_URL set, Slack is told to call there."""
    base_url = program.config.base_url or PLACEHOLDER
    print(as_yaml(base_url, socket_mode=args.socket_mode), end="")
    return 0
