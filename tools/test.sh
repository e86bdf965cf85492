#!/usr/bin/env bash
# Tests modules, one after the other, and prints how long each took: tools/test.sh <module>...
# A failed module does not end the run. `make lint` vets, so the tests do not. In continuous integration, the services run
# under the race detector, which needs a C compiler. TESTFLAGS and PACKAGES replace the flags and the packages of `go
# test`.
set -euo pipefail

gotestsum=$PWD/.rehearsal/bin/gotestsum
table='' failed=0

for module in "$@"; do
	race=
	case "$module ${CI:-}" in apps/chassis*" true" | apps/*/service" true") race=-race ;; esac

	# The scenarios have a target of their own.
	packages=${PACKAGES:-./...}
	if [ "$module $packages" = "rehearsal ./..." ]; then
		packages=$(cd rehearsal && go list ./... | grep -v /scenarios)
	fi

	echo "testing $module"
	SECONDS=0
	# shellcheck disable=SC2086 # flags and packages are words
	(cd "$module" && "$gotestsum" --format pkgname -- -count=1 -vet=off $race ${TESTFLAGS--short} $packages) || failed=1
	table+=$(printf '%4d s  %s' "$SECONDS" "$module")$'\n'
done

printf '\n%s' "$table"
exit "$failed"
