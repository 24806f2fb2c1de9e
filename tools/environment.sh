#!/bin/sh
# Makes .venv with a Python that Samlas runs on; called by make when there is none.
set -eu
cd "$(dirname "$0")/.."

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo "$@"
    else return 1
    fi
}

apt_install() {
    command -v apt-get >/dev/null || return 1
    echo "Installing $* with apt-get ..." >&2
    as_root apt-get -qq update >&2 &&
        as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y "$@" >&2
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
        if fits "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

if ! python=$(find_python); then
    if [ -z "${PYTHON:-}" ] && ! command -v python3 >/dev/null; then
        apt_install python3 python3-venv || true
    fi
    python=$(find_python) || {
        echo "Samlas needs Python 3.11 or newer, and ${PYTHON:-python3} is $(${PYTHON:-python3} --version 2>/dev/null || echo missing)." >&2
        echo "Install one (Debian, Ubuntu: apt install python3.11 python3.11-venv) and name it: make PYTHON=python3.11 ..." >&2
        exit 1
    }
fi

# Debian and Ubuntu ship Python without the part that makes environments.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    apt_install "$package" || {
        echo "$python cannot make an environment, since the package $package is missing." >&2
        echo "Install it and try again: sudo apt install $package" >&2
        exit 1
    }
fi

"$python" -m venv .venv
