"""A process that lets an organisation live through its days, and prints what was said to whom, and when."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

import structlog

from nudges.simulation.simulating import Plan, simulate

if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    members, days, seed = map(int, sys.argv[1:])
    with tempfile.TemporaryDirectory() as folder:
        lived = asyncio.run(simulate(Plan(members, days, seed), Path(folder)))
    for said in lived.record:
        print(said.at.isoformat(), said.to, *sorted(said.sorts), *sorted(said.titles))
