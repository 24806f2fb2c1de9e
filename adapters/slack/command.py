"""`samlas slack-manifest`: print the manifest to make the Slack app from."""

import argparse
import sys

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
    """Print the manifest; with SAMLAS_BASE_URL set, Slack is told to call there.

    Raises ConfigurationError for an address that Slack would not call.
    """
    is_example = not args.socket_mode and not program.config.base_url
    base_url = PLACEHOLDER if args.socket_mode or is_example else program.config.public_url()
    print(as_yaml(base_url, socket_mode=args.socket_mode), end="")
    if is_example:
        said = program.say(
            "The addresses in it are examples: {address}. Set SAMLAS_BASE_URL to your own, and print it again.",
            address=PLACEHOLDER,
        )
        print(said, file=sys.stderr)
    return 0
