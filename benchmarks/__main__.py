"""`python -m benchmarks`, as `make bench` calls it: `samlas bench`."""

import sys

from bot.__main__ import main

if __name__ == "__main__":
    sys.exit(main(["bench", *sys.argv[1:]]))
