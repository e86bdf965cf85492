#!/usr/bin/env bash
# Commits the sandbox's image of a service for staging: tools/promote.sh <service>
set -euo pipefail

service=${1:-}
sandbox=apps/$service/environments/sandbox.yaml

if [ -z "$service" ] || [ ! -f "$sandbox" ]; then
	echo "APP is \"$service\", expected one of" \
		"$(cd apps && echo */environments/sandbox.yaml | sed 's|/environments/sandbox.yaml||g')" >&2
	exit 1
elif [ -n "$(git status --porcelain)" ]; then
	echo "the checkout has uncommitted changes, so nothing was changed: commit them first" >&2
	exit 1
fi

digest=$(sed -n 's/^ *digest: //p' "$sandbox")
echo "$service @$digest" | tools/digests.sh staging

if [ -n "$(git status --porcelain)" ]; then
	git commit --quiet --all --message "staging: $service ${digest:0:19}, as in the sandbox"
	git log -1 --format='%h %s'
fi
