#!/usr/bin/env bash
# Shows the report of STACK on the page of a workflow's run.
set -euo pipefail

cat "out/$STACK/report.md" >>"$GITHUB_STEP_SUMMARY"
