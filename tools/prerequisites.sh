#!/usr/bin/env bash
# Checks what a newcomer must have. Every missing one is told, each in a sentence.
set -euo pipefail

missing=0

# need COMMAND LEAST HAVE PLACE: HAVE is the version found, empty where there is none.
need() {
	if [ -z "$3" ]; then
		echo "$1 is missing: install $1 $2 or later ($4)." >&2
		missing=1
	elif [ "$(printf '%s\n%s\n' "$2" "$3" | sort -V | head -n 1)" != "$2" ]; then
		echo "$1 $3 is too old: install $1 $2 or later ($4)." >&2
		missing=1
	fi
}

# version COMMAND ARGUMENTS...: the first thing in its answer that looks like a version.
version() {
	{ "$@" 2>/dev/null || true; } | grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1 || true
}

need Go 1.26 "$(GOTOOLCHAIN=local version go version)" "it builds the program and every tool"
need Node.js 20.0 "$(version node --version)" "it runs Pulumi components written in TypeScript"
need npm 9.0 "$(version npm --version)" "it installs those components"
need make 3.81 "$(version make --version)" "it knows what has to be built"
need bash 3.2 "${BASH_VERSION%%(*}" "it runs make shell"
need git 2.25 "$(version git --version)" "it tells the report which commit is up"

exit "$missing"
