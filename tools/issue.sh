#!/usr/bin/env bash
# Opens, updates or closes the issue about the drift of STACK, by what tools/drift.sh has found.
set -euo pipefail

report=$PWD/out/$STACK/drift.txt

exec go -C tools/workflows run . drift "$STACK" "$report"
