#!/usr/bin/env bash
# Asks of every module that is built here, the tools' included, whether it calls code that is known as vulnerable. The
# version of govulncheck is in tools/ci/go.mod.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
go -C tools/ci build -o "$folder/govulncheck" golang.org/x/vuln/cmd/govulncheck

found=0
while read -r module; do
	module=$(dirname "$module")
	echo "$module:"
	# Of a module that has no package of its own, what it pins: its tools.
	packages=./...
	[ -n "$(cd "$module" && go list ./... 2>/dev/null)" ] || packages=tool
	(cd "$module" && "$folder/govulncheck" "$packages") || found=1
done < <(git ls-files '*go.mod')

exit "$found"
