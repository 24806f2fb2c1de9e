"""`python -m benchmarks`: run the measurements, print what came out and keep it in results.json beside this file."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from benchmarks import counting, importing, insights, looking
from benchmarks.measuring import ROUNDS, Measurement, measure

RESULTS = Path(__file__).parent / "results.json"


def measurements() -> dict[str, Measurement]:
    """Return everything that is measured, by name; each module adds its own."""
    return {
        **counting.measurements(),
        **importing.measurements(),
        **insights.measurements(),
        **looking.measurements(),
    }


def main() -> int:
    """Measure; returns 1 when a median misses its goal."""
    known = measurements()
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", metavar="NAME", choices=known, help=f"one of: {', '.join(known)}")
    parser.add_argument("--rounds", metavar="N", type=int, default=ROUNDS, help=f"default: {ROUNDS}")
    parser.add_argument("--json", action="store_true", help="print JSON")
    args = parser.parse_args()
    chosen = {args.only: known[args.only]} if args.only else known
    found = {name: asdict(measure(measurement, args.rounds)) for name, measurement in chosen.items()}
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**kept, **found}, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    if args.json:
        print(json.dumps(found, indent=2))
    else:
        for name, result in found.items():
            print("{name:32} median {median}, from {low} to {high}; goal {goal}".format(name=name, **result))
    return 1 if any(result["median"] > result["goal"] for result in found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
