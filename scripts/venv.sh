#!/bin/sh
# Make the virtual environment; Debian ships the venv module in a package of its own.
set -eu
python=$1 folder=$2
"$python" -c 'import venv, ensurepip' 2>/dev/null || scripts/system.sh python3-venv
"$python" -m venv "$folder"
"$folder/bin/pip" install --quiet --upgrade 'pip>=25'
