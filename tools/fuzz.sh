#!/usr/bin/env bash
# Runs every fuzz target of a module for a while: tools/fuzz.sh <module> <time>. What fails is kept under testdata/fuzz
# beside the target, and is from then on one of its test's cases.
set -euo pipefail

cd "$1"

while IFS=: read -r file target; do
	package=$(dirname "$file") target=${target#func }
	echo "fuzzing $1/${package#./} $target for $2"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$2" "$package" | tail -n 2
done < <(grep -rEo '^func Fuzz[A-Za-z0-9]+' --include='*_test.go' . || true)
