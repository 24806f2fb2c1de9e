#!/bin/sh
# Makes sure that tests in a browser find Chromium; called by make test. It never stops the tests: without a
# browser those tests are skipped with the reason, or fail where CI is set.
set -u
for name in "${SAMLAS_TEST_CHROMIUM:-}" chromium chromium-browser google-chrome-stable google-chrome; do
    # Asked for its version, because Ubuntu's chromium-browser may be a stub that only points to a snap.
    if [ -n "$name" ] && "$name" --version >/dev/null 2>&1; then
        exit 0
    fi
done

. /etc/os-release 2>/dev/null || ID=unknown
if [ "${ID:-}" != debian ]; then
    echo "No Chromium here: install one, or name it in SAMLAS_TEST_CHROMIUM, for the tests in a browser." >&2
    exit 0
fi
if [ "$(id -u)" = 0 ]; then
    root=""
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    root="sudo"
else
    echo "No Chromium here, for the tests in a browser: sudo apt install chromium" >&2
    exit 0
fi
echo "Installing chromium with apt-get, for the tests in a browser ..."
$root apt-get -qq update
$root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y chromium >/dev/null ||
    echo "apt-get could not install chromium, for the tests in a browser: sudo apt install chromium" >&2
exit 0
