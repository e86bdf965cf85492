#!/usr/bin/env bash
# Keeps the charts of all services, and what releases decide about them, as those of the last release. `make e2e` deploys
# them first, and then those of the working tree.
set -euo pipefail

cd "$(dirname "$0")/.."

kept=e2e/testdata/released
rm -rf "$kept"

for values in apps/*/environments; do
	service=$(dirname "$values")
	mkdir -p "$kept/$service"
	cp -R "$service/chart" "$values" "$kept/$service/"
done

# What is not rendered is not kept: tests, and texts whose links lead nowhere from there.
find "$kept" \( -name tests -o -name ci \) -type d -prune -exec rm -r {} +
find "$kept" -name '*.md' -delete
