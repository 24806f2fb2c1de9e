#!/bin/sh
# Writes constraints.txt: the newest versions of all dependencies that fit together, from an environment of its own.
set -eu
cd "$(dirname "$0")/.."
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
"${PYTHON:-python3}" -m venv "$place"
"$place/bin/python" -m pip install -qq --upgrade pip
"$place/bin/python" -m pip install -qq --group dev --group node .
{
    echo "# The exact versions Samlas is tried with, for make install. Made by: make pins"
    # Names and versions only: where packages come from is each machine's own affair.
    "$place/bin/python" -m pip list --format=freeze --exclude samlas --exclude setuptools --exclude wheel
} > constraints.txt
