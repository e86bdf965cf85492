#!/usr/bin/env bash
# Opens, updates or closes the issue about drift of STACK, according to the result of tools/ci/detect-drift.sh.
set -euo pipefail

report=$PWD/out/$STACK/drift.txt

exec go -C tools/ci run . drift "$STACK" "$report"
