#!/usr/bin/env bash
# Has staging run the image of a service that the sandbox runs, by a commit: tools/promote.sh <service>
set -euo pipefail

service=${1:-}
sandbox=apps/$service/environments/sandbox.yaml

if [ -z "$service" ] || [ ! -f "$sandbox" ]; then
	echo "APP: got \"$service\", want one of" \
		"$(cd apps && echo */environments/sandbox.yaml | sed 's|/environments/sandbox.yaml||g')" >&2
	exit 1
elif [ -n "$(git status --porcelain)" ]; then
	echo "there are changes that are in no commit, and nothing was touched: commit them first" >&2
	exit 1
fi

digest=$(sed -n 's/^ *digest: //p' "$sandbox")
echo "$service @$digest" | tools/digests.sh staging

if [ -n "$(git status --porcelain)" ]; then
	git commit --quiet --all --message "staging: $service ${digest:0:19}, as in the sandbox"
	git log -1 --format='%h %s'
fi
