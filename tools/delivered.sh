#!/usr/bin/env bash
# Fails if an environment that follows main deploys images other than those of the sources in this checkout. An image is a
# function of its sources, so building it is enough to know its digest: nothing is pushed. Other environments may be behind.
set -euo pipefail

built=$(make --no-print-directory images REGISTRY=)

stale=0
for stack in $(tools/environments.sh main); do
	for file in apps/*/environments/"$stack.yaml"; do
		service=${file#apps/} service=${service%%/*}
		deployed=$(sed -n 's/^ *digest: //p' "$file")
		expected=$(awk -v service="$service" '$1 == service { print $2 }' <<<"$built")

		if [ "$deployed" != "$expected" ]; then
			echo "$file: digest is $deployed, expected ${expected:-an image that make images builds}" >&2
			echo "$stack does not deploy these sources. Run \`make digests STACK=$stack\` and commit." >&2
			stale=1
		fi
	done
done
exit "$stale"
