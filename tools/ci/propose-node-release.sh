#!/usr/bin/env bash
# Opens or updates a pull request that sets the newest release of node images for STACK. A release whose pull request was
# closed is not proposed again.
set -euo pipefail

tools/node-release.sh
file=Pulumi.$STACK.yaml
if git diff --quiet -- "$file"; then
	exit 0
fi

release=$(sed -n 's/^    nodeRelease: //p' "$file")
title="$STACK: node release $release" branch=node-release/$STACK repository=repos/$GITHUB_REPOSITORY
body="The base nodes of $STACK get the images of [$release](https://github.com/awslabs/amazon-eks-ami/releases), with the
fixes since the last ones. After the merge, \`pulumi up\` replaces the nodes one at a time in each zone: EKS launches a
node, drains an old one within the disruption budgets, and terminates it. Nodes that Karpenter launches get new images by
their age and need no pull request.

Close and reopen this pull request to start its checks: GitHub starts none for a pull request of a workflow. If you
close it, this release is not proposed again."

proposed=$(gh pr list --head "$branch" --state all --limit 1 --json title,state --jq '.[] | .state + " " + .title')
if [ "${proposed#* }" = "$title" ]; then
	echo "the pull request for $release exists: ${proposed%% *}"
	exit 0
fi

# GitHub makes the commit, on top of main. The token could not push to main, whose rules refuse it.
base=$(git rev-parse HEAD)
if ! gh api --silent "$repository/git/refs" -f ref="refs/heads/$branch" -f sha="$base" 2>/dev/null; then
	gh api --silent --method PATCH "$repository/git/refs/heads/$branch" -f sha="$base" -F force=true
fi
base64 -w 0 "$file" | gh api --silent --method PUT "$repository/contents/$file" -f message="$title" -f branch="$branch" \
	-f sha="$(git rev-parse "HEAD:$file")" -F content=@-

if [ "${proposed%% *}" = OPEN ]; then
	gh pr edit "$branch" --title "$title" --body "$body"
else
	gh pr create --head "$branch" --base main --title "$title" --body "$body"
fi
