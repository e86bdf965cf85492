#!/usr/bin/env bash
# Commits the image of a service that the sandbox deploys for every environment that gets releases:
#
#   tools/promote.sh <service>
#
# If several environments follow main, as the sandbox does, the image is that of the first one.
set -euo pipefail

service=${1:-}
released=$(tools/environments.sh released)
first=$(tools/environments.sh main)
first=${first%%$'\n'*}
source=apps/$service/environments/$first.yaml

if [ -z "$service" ] || [ ! -f "$source" ]; then
	echo "APP is \"$service\", expected one of" \
		"$(cd apps && echo */environments/"$first.yaml" | sed "s|/environments/$first.yaml||g")" >&2
	exit 1
elif [ -n "$(git status --porcelain)" ]; then
	echo "the checkout has uncommitted changes, so nothing was changed: commit them first" >&2
	exit 1
fi

digest=$(sed -n 's/^ *digest: //p' "$source")
for environment in $released; do
	echo "$service @$digest" | tools/digests.sh "$environment"
done

if [ -n "$(git status --porcelain)" ]; then
	changed=$(git diff --name-only | sed 's|.*/||; s|\.yaml$||' | paste -s -d, - | sed 's/,/, /g')
	git commit --quiet --all --message "$changed: $service ${digest:0:19}, as in $first"
	git log -1 --format='%h %s'
fi
