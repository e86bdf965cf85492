#!/usr/bin/env bash
# Runs `go build` in a module and shows how far it is: tools/build.sh LABEL FOLDER ARGUMENTS...
# A terminal sees a line that counts, a log a line every half minute. Nothing is said of what takes no time.
set -euo pipefail

label=$1 folder=$2
shift 2

log=$(mktemp)
trap 'rm -f "$log"' EXIT

cd "$folder"
go build -v "$@" >"$log" 2>&1 &
build=$!
trap 'kill "$build" 2>/dev/null || true; rm -f "$log"' INT TERM

# -v prints the name of each package that is compiled, and downloads have lines of their own.
progress() {
	printf 'Building %s: %d packages, %d s' "$label" "$(grep -cvE '^go: ' "$log" || true)" "$SECONDS"
}

# Nothing is told in the first second.
SECONDS=0 told=1
while kill -0 "$build" 2>/dev/null; do
	sleep 0.1
	if [ "$SECONDS" -le "$told" ]; then
		continue
	elif [ -t 1 ]; then
		told=$SECONDS
		printf '\r\033[K%s' "$(progress)"
	elif [ "$told" -eq 1 ] || [ $((SECONDS - told)) -ge 30 ]; then
		told=$SECONDS
		printf '%s\n' "$(progress)"
	fi
done

failed=0
wait "$build" || failed=$?

if [ "$told" -gt 1 ]; then
	[ -t 1 ] && printf '\r\033[K'
	printf '%s: done\n' "$(progress)"
fi
if [ "$failed" -ne 0 ]; then
	grep -vE '^(go: downloading .*|[a-z0-9][^ :]*)$' "$log" >&2 || true
fi
exit "$failed"
