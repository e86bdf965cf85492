#!/usr/bin/env bash
# Checks every module, including those of tools, for calls of code with known vulnerabilities. tools/ci/go.mod pins
# govulncheck.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
go -C tools/ci build -o "$folder/govulncheck" golang.org/x/vuln/cmd/govulncheck

found=0
while read -r module; do
	module=$(dirname "$module")
	echo "$module:"
	# A module without packages pins a tool: check that.
	packages=./...
	[ -n "$(cd "$module" && go list ./... 2>/dev/null)" ] || packages=tool
	(cd "$module" && "$folder/govulncheck" "$packages") || found=1
done < <(git ls-files '*go.mod')

exit "$found"
