#!/usr/bin/env bash
# Runs every fuzz target of a module for a while: tools/fuzz.sh <module> <time>. What fails is kept under testdata/fuzz
# beside the target, and is from then on one of its test's cases.
set -euo pipefail

cd "$1"

for package in $(go list ./...); do
	for target in $(go test -list '^Fuzz' "$package" | grep '^Fuzz' || true); do
		echo "fuzzing ${package##*/platform/} $target for $2"
		go test -run '^$' -fuzz "^$target\$" -fuzztime "$2" "$package" | tail -n 2
	done
done
