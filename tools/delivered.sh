#!/usr/bin/env bash
# Fails if the sandbox deploys images other than those of the sources in this checkout. An image is a function of its
# sources, so building it is enough to know its digest: nothing is pushed. Staging may be behind the sandbox.
set -euo pipefail

built=$(make --no-print-directory images REGISTRY=)

stale=0
for file in apps/*/environments/sandbox.yaml; do
	service=${file#apps/} service=${service%%/*}
	deployed=$(sed -n 's/^ *digest: //p' "$file")
	expected=$(awk -v service="$service" '$1 == service { print $2 }' <<<"$built")

	if [ "$deployed" != "$expected" ]; then
		echo "$file: digest is $deployed, expected ${expected:-an image that make images builds}" >&2
		stale=1
	fi
done

if [ "$stale" = 1 ]; then
	echo "The sandbox does not deploy these sources. Run \`make digests STACK=sandbox\` and commit." >&2
fi
exit "$stale"
