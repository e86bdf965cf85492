#!/usr/bin/env bash
# Shows what `make preview` reports of STACK on the page of a workflow's run. Where it has reported nothing, the report
# says that: the job hands it on to the pull request.
set -euo pipefail

report=out/$STACK/report.md

# The one that is there may be of the `make up` before: a preview that the engine refuses writes none.
if ! head -n 1 "$report" 2>/dev/null | grep -q "^## preview of $STACK: "; then
	mkdir -p "out/$STACK"
	printf '## preview of %s: failed\n\nThere is no plan. The log of the run says why.\n' "$STACK" >"$report"
fi

cat "$report" >>"$GITHUB_STEP_SUMMARY"
