#!/usr/bin/env bash
# Outputs `matrix` for the jobs of a workflow, as JSON: the environments of KIND (all, main or released; see
# tools/environments.sh) with the label of their runner. VARIABLES are those of the repository, as JSON. The runner of the
# environment eu-production is in EU_PRODUCTION_RUNNER; by default it is GitHub's. Without an environment, `matrix` is
# empty.
set -euo pipefail

# In a loop, a failure of tools/environments.sh would be an empty list.
stacks=$(tools/environments.sh "${KIND:-all}")

# shellcheck disable=SC2016 # jq's variables
matrix=$(jq --raw-input --slurp --compact-output --argjson variables "${VARIABLES:-{\}}" '
	split("\n") | map(select(. != "") | {stack: ., runner:
		($variables[(ascii_upcase | gsub("-"; "_")) + "_RUNNER"] // "" | if . == "" then "ubuntu-24.04" else . end)})
	| if . == [] then "" else {include: .} end' <<<"$stacks")

echo "matrix=${matrix#\"\"}" >>"$GITHUB_OUTPUT"
