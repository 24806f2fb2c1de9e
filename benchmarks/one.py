"""A process that measures one thing, so that nothing is left in it of what was measured before: given a figure's name.

Prints every figure that is measured together with it, as JSON.
"""

import json
import logging
import sys
from dataclasses import asdict

import structlog

from benchmarks.figures import by_name
from benchmarks.measuring import measure


def main(name: str, rounds: int) -> None:
    """Measure."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    found = measure(by_name()[name], rounds)
    print(json.dumps({each: asdict(result) for each, result in found.items()}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
