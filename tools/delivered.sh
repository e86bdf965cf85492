#!/usr/bin/env bash
# Fails where the sandbox deploys other images than those of the sources in the checkout. An image is a function of its
# sources, so it is enough to build it: nothing is pushed. Staging may lag behind: `make promote` moves it.
set -euo pipefail

built=$(make --no-print-directory images REGISTRY=)

stale=0
for file in apps/*/environments/sandbox.yaml; do
	service=${file#apps/} service=${service%%/*}
	deployed=$(sed -n 's/^ *digest: //p' "$file")
	expected=$(awk -v service="$service" '$1 == service { print $2 }' <<<"$built")

	if [ "$deployed" != "$expected" ]; then
		echo "$file: got digest $deployed, expected ${expected:-an image, which make images does not build}" >&2
		stale=1
	fi
done

if [ "$stale" = 1 ]; then
	echo "The sandbox does not deploy these sources. Run make digests STACK=sandbox, and commit." >&2
fi
exit "$stale"
