#!/usr/bin/env bash
# Records the charts of all services, with their environments' values, as those of the last release. `make e2e` deploys
# the recorded charts first and then upgrades to those of the checkout.
set -euo pipefail

cd "$(dirname "$0")/.."

kept=e2e/testdata/released
rm -rf "$kept"

for values in apps/*/environments; do
	service=$(dirname "$values")
	mkdir -p "$kept/$service"
	cp -R "$service/chart" "$values" "$kept/$service/"
done

# Only what Argo CD renders is recorded.
find "$kept" \( -name tests -o -name ci \) -type d -prune -exec rm -r {} +
find "$kept" -name '*.md' -delete
