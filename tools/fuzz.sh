#!/usr/bin/env bash
# Runs every fuzz target of a module for the given time: tools/fuzz.sh <module> <time>. Go keeps a failing input in
# testdata/fuzz beside the target, where it becomes a case of the test. A module without targets is an error.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT

cd "$1"

targets=$(grep -rEo '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' . || true)
if [ -z "$targets" ]; then
	echo "$1 has no fuzz target: add a func FuzzX(f *testing.F) for each input that it reads" >&2
	exit 1
fi

while IFS=: read -r file target; do
	package=$(dirname "$file") target=${target#func }
	echo "fuzzing $1/${package#./} $target for $2"

	if go test -run '^$' -fuzz "^$target\$" -fuzztime "$2" "$package" >"$log" 2>&1 </dev/null; then
		tail -n 2 "$log"
	# Before Go 1.27, a target may fail when its time ends (https://go.dev/issue/75804), although it found nothing. If it
	# was minimizing an input at that moment, the log mentions a failing input.
	elif grep -q '^    context deadline exceeded$' "$log" && ! grep -qi 'failing input' "$log"; then
		echo "ended with its time (https://go.dev/issue/75804); found nothing"
	else
		cat "$log"
		exit 1
	fi
done <<<"$targets"
