#!/usr/bin/env bash
# Runs every fuzz target of a module for a while: tools/fuzz.sh <module> <time>. What fails is kept under testdata/fuzz
# beside the target, and is from then on one of its test's cases. A module without targets is an error.
set -euo pipefail

log=$(mktemp)
trap 'rm -f "$log"' EXIT

cd "$1"

targets=$(grep -rEo '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' . || true)
if [ -z "$targets" ]; then
	echo "$1: got no fuzz target, want one for whatever it reads: func FuzzX(f *testing.F) in a _test.go" >&2
	exit 1
fi

while IFS=: read -r file target; do
	package=$(dirname "$file") target=${target#func }
	echo "fuzzing $1/${package#./} $target for $2"

	if go test -run '^$' -fuzz "^$target\$" -fuzztime "$2" "$package" >"$log" 2>&1 </dev/null; then
		tail -n 2 "$log"
	# Before Go 1.27, a target may fail by the very end of its time (https://go.dev/issue/75804): it found nothing. But it
	# may also have been minimizing what it did find, and then says no more of it than that.
	elif grep -q '^    context deadline exceeded$' "$log" && ! grep -qi 'failing input' "$log"; then
		echo "ended with its time, as Go reports at times (https://go.dev/issue/75804); nothing found"
	else
		cat "$log"
		exit 1
	fi
done <<<"$targets"
