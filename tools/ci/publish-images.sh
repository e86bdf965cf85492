#!/usr/bin/env bash
# Builds the services' images and pushes them to REGISTRY. Outputs for later jobs, of the images that the sandbox does not
# deploy yet: `lines`, as `make images` prints them, and `images`, as JSON.
#
# An image is new if the sandbox does not deploy it, whether the registry has it or not: a run that failed may have pushed
# it without signing it.
set -euo pipefail

: "${REGISTRY:?must be the registry to push to}"

built=$(make --no-print-directory images)
printf '%s\n' "$built"

lines='' images=''
while read -r service reference became; do
	# Skip other lines of make.
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
