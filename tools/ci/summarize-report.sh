#!/usr/bin/env bash
# Adds the report of `make preview` for STACK to the summary of the workflow run. If the preview failed, it writes a report
# that says so, which a later workflow comments on the pull request, and deletes the results of the controls.
set -euo pipefail

report=out/$STACK/report.md

# An existing report may be that of an earlier `make up`: a failed preview writes none.
if ! head -n 1 "$report" 2>/dev/null | grep -q "^## preview of $STACK: "; then
	mkdir -p "out/$STACK"
	rm -f "out/$STACK/report.sarif"
	printf '## preview of %s: failed\n\nThe log of the run has the errors.\n' "$STACK" >"$report"
fi

cat "$report" >>"$GITHUB_STEP_SUMMARY"
