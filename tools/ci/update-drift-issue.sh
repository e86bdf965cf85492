#!/usr/bin/env bash
# Opens, updates or closes the issue about the drift of STACK, by what tools/ci/detect-drift.sh has found.
set -euo pipefail

report=$PWD/out/$STACK/drift.txt

exec go -C tools/ci run . drift "$STACK" "$report"
