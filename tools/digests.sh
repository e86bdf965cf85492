#!/usr/bin/env bash
# Has an environment deploy images: tools/digests.sh <environment>, with what `make images` prints as its input, a line
# for each service. It changes apps/<service>/environments/<environment>.yaml, and no more of it than the digest.
set -euo pipefail

environment=$1

while read -r service reference _; do
	[[ $reference == *sha256:* ]] || continue # how far a build is

	file=apps/$service/environments/$environment.yaml
	digest=sha256:${reference##*sha256:}

	if [ ! -f "$file" ]; then
		echo "found no $file: the environments are" \
			"$(cd "apps/$service/environments" && echo *.yaml | sed 's/\.yaml//g')" >&2
		exit 1
	elif grep -q "digest: $digest\$" "$file"; then
		echo "$environment has $service $digest already"
	else
		changed=$(sed "s/digest: sha256:[0-9a-f]*\$/digest: $digest/" "$file")
		printf '%s\n' "$changed" >"$file"
		echo "$environment is to deploy $service $digest"
	fi
done
