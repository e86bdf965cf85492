#!/usr/bin/env bash
# Runs `go build` in a module and shows progress: tools/build.sh LABEL FOLDER ARGUMENTS...
# On a terminal, one line counts the packages; in a log, a line appears every 30 seconds. A quick build prints nothing.
set -euo pipefail

label=$1 folder=$2
shift 2

log=$(mktemp)
trap 'rm -f "$log"' EXIT

# With Go's default, the compiler spends a quarter of its time on collecting garbage: package ec2 of the AWS SDK takes 64
# CPU-seconds, and 47 with 400 (Go 1.26, 2026-11-30). The limit makes it collect more often where memory is scarce.
export GOGC=${GOGC:-400} GOMEMLIMIT=${GOMEMLIMIT:-3GiB}

cd "$folder"
go build -v "$@" >"$log" 2>&1 &
build=$!
trap 'kill "$build" 2>/dev/null || true; rm -f "$log"' INT TERM

# -v prints the name of each compiled package; lines of downloads start with "go: ".
progress() {
	printf 'Building %s: %d packages, %d s' "$label" "$(grep -cvE '^go: ' "$log" || true)" "$SECONDS"
}

# shown is when progress was last shown, in seconds. Nothing is shown in the first second.
SECONDS=0 shown=1
while kill -0 "$build" 2>/dev/null; do
	sleep 0.1
	if [ "$SECONDS" -le "$shown" ]; then
		continue
	elif [ -t 1 ]; then
		shown=$SECONDS
		printf '\r\033[K%s' "$(progress)"
	elif [ "$shown" -eq 1 ] || [ $((SECONDS - shown)) -ge 30 ]; then
		shown=$SECONDS
		printf '%s\n' "$(progress)"
	fi
done

failed=0
wait "$build" || failed=$?

if [ "$shown" -gt 1 ]; then
	[ -t 1 ] && printf '\r\033[K'
	printf '%s: done\n' "$(progress)"
fi
if [ "$failed" -ne 0 ]; then
	grep -vE '^(go: downloading .*|[a-z0-9][^ :]*)$' "$log" >&2 || true
fi
exit "$failed"
