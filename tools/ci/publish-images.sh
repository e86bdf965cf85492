#!/usr/bin/env bash
# Builds the services' images and pushes them to REGISTRY. Outputs for later jobs, of the new images: `lines`, as
# `make images` prints them, and `images`, as JSON.
#
# An image is new if an environment that follows main does not deploy it, whether the registry has it or not: a run that
# failed may have pushed it without signing it.
#
# One push serves all environments. An environment that deploys from another registry would never get the images.
set -euo pipefail

: "${REGISTRY:?must be the registry to push to}"

for file in Pulumi.*.yaml; do
	[ -f "$file" ] || continue
	deploys=$(awk '/^  [^ ]/ { images = /^  platform:images:/ } images && $1 == "registry:" { print $2 }' "$file" | tr -d "\"'")
	if [ -n "$deploys" ] && [ "$deploys" != "$REGISTRY" ]; then
		echo "$file: platform:images.registry is $deploys, expected $REGISTRY, the registry that this workflow pushes to:" \
			"change the setting, or run gh variable set REGISTRY --body $deploys" >&2
		exit 1
	fi
done

stacks=$(tools/environments.sh main)
built=$(make --no-print-directory images)
printf '%s\n' "$built"

# deployed SERVICE DIGEST: succeeds if every environment that follows main deploys the image.
deployed() {
	for stack in $stacks; do
		grep -q "digest: $2\$" "apps/$1/environments/$stack.yaml" || return
	done
}

lines='' images=''
while read -r service reference became; do
	# Skip other lines of make.
	case $reference in "$REGISTRY/$service"@sha256:*) ;; *) continue ;; esac

	digest=${reference#*@}
	if ! deployed "$service" "$digest"; then
		lines="$lines$service $reference $became"$'\n'
		images="$images${images:+,}{\"name\":\"$REGISTRY/$service\",\"digest\":\"$digest\"}"
	fi
done <<<"$built"

{
	printf 'images=[%s]\n' "$images"
	printf 'lines<<end-of-lines\n%send-of-lines\n' "$lines"
} >>"$GITHUB_OUTPUT"
