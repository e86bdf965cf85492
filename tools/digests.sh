#!/usr/bin/env bash
# Writes image digests to apps/<service>/environments/<environment>.yaml, and changes nothing else there:
#
#   make images | tools/digests.sh <environment>
set -euo pipefail

environment=$1

while read -r service reference _; do
	[[ $reference == *sha256:* ]] || continue # a progress line

	file=apps/$service/environments/$environment.yaml
	digest=sha256:${reference##*sha256:}

	if [ ! -f "$file" ]; then
		echo "$file does not exist: expected one of the environments" \
			"$(cd "apps/$service/environments" && echo *.yaml | sed 's/\.yaml//g')" >&2
		exit 1
	elif grep -q "digest: $digest\$" "$file"; then
		echo "$environment already deploys $service $digest"
	else
		changed=$(sed "s/digest: sha256:[0-9a-f]*\$/digest: $digest/" "$file")
		printf '%s\n' "$changed" >"$file"
		echo "$environment now deploys $service $digest"
	fi
done
