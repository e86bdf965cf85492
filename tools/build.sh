#!/usr/bin/env bash
# Runs `go build` in a module and shows how far it is: tools/build.sh LABEL FOLDER ARGUMENTS...
# Says nothing where nothing is stale.
set -euo pipefail

label=$1 folder=$2
shift 2

terminal=0
[ -t 1 ] && terminal=1

cd "$folder"
go build -v "$@" 2>&1 | awk -v label="$label" -v terminal="$terminal" '
	function show(text) {
		if (terminal) printf "\r\033[KBuilding %s: %s", label, text
		else if (++shown % 250 == 1) printf "Building %s: %s\n", label, text
		fflush()
	}
	/^go: downloading / { show(++modules " modules downloaded"); next }
	/^[a-z0-9][^ :]*$/  { show(++packages " packages compiled"); next }
	{ print; fflush() }
	END { if (terminal && (modules || packages)) printf "\r\033[K" }
'
