#!/usr/bin/env bash
# Fails unless every job in RESULTS succeeded, which is `toJSON(needs)` of a workflow. Branch rules require the job that
# runs this: its name stays when jobs are added, and a job that GitHub skips counts as a success.
set -euo pipefail

: "${RESULTS:?must be the jobs and their results}"

jq --raw-output 'to_entries[] | "\(.key): \(.value.result)"' <<<"$RESULTS"
jq --exit-status 'length > 0 and all(.result == "success")' <<<"$RESULTS" >/dev/null
