#!/usr/bin/env bash
# Builds the services' images, pushes them to REGISTRY, and tells the later jobs which of them the sandbox does not run
# yet: `lines`, as `make images` prints them, and `images`, as JSON.
#
# What is new is asked of the sandbox and not of the registry: an image that was pushed by a run that then failed is not
# signed yet.
set -euo pipefail

: "${REGISTRY:?is the registry to push to: without one nothing would be pushed}"

built=$(make --no-print-directory images)
printf '%s\n' "$built"

lines='' images=''
while read -r service reference became; do
	# What make says beside it is no line of a service.
	case $reference in "$REGISTRY/$service"@sha256:*) ;; *) continue ;; esac

	digest=${reference#*@}
	if ! grep -q "digest: $digest\$" "apps/$service/environments/sandbox.yaml"; then
		lines="$lines$service $reference $became"$'\n'
		images="$images${images:+,}{\"name\":\"$REGISTRY/$service\",\"digest\":\"$digest\"}"
	fi
done <<<"$built"

{
	printf 'images=[%s]\n' "$images"
	printf 'lines<<end-of-lines\n%send-of-lines\n' "$lines"
} >>"$GITHUB_OUTPUT"
