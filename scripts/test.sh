#!/bin/sh
# The tests on all cores, then the coverage floors of the four rooms that hold the rules.
set -eu
bin=$1
"$bin/coverage" erase
"$bin/pytest" -n "${MONITOR_TEST_WORKERS:-2}" --dist worksteal --cov --cov-report=
"$bin/coverage" report --precision=2 --fail-under=99.9 --include='monitor/pipeline/*,monitor/config/*,monitor/steps/*,monitor/storage/*'
