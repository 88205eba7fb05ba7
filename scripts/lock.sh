#!/bin/sh
# Pin every library with hashes and without the address of any registry.
set -eu
bin=$1
compile() { "$bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header "$@"; }
compile pyproject.toml --output-file requirements.lock --upgrade
compile pyproject.toml --extra dev --constraint requirements.lock --output-file requirements-dev.lock
