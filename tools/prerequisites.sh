#!/usr/bin/env bash
# Checks the prerequisites, and reports all that are missing or too old.
set -euo pipefail

missing=0

# need NAME MINIMUM VERSION PURPOSE: VERSION is empty if the program was not found.
need() {
	if [ -z "$3" ]; then
		echo "$1 is missing: install $1 $2 or later ($4)." >&2
		missing=1
	elif [ "$(printf '%s\n%s\n' "$2" "$3" | sort -V | head -n 1)" != "$2" ]; then
		echo "$1 $3 is too old: install $1 $2 or later ($4)." >&2
		missing=1
	fi
}

# version COMMAND ARGUMENTS...: prints the first version in the command's output.
version() {
	{ "$@" 2>/dev/null || true; } | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1 || true
}

need Go 1.26 "$(GOTOOLCHAIN=local version go version)" "it builds the program and every tool"
need Node.js 20.0 "$(version node --version)" "it runs Pulumi components written in TypeScript"
need npm 9.0 "$(version npm --version)" "it installs those components"
need make 3.81 "$(version make --version)" "it runs the targets"
need bash 3.2 "${BASH_VERSION%%(*}" "it runs make shell"
need git 2.25 "$(version git --version)" "it names the commit in reports"

exit "$missing"
