#!/usr/bin/env bash
# Checks that the checked-out commit may be released, and reports every reason against it. An environment that gets
# releases deploys only images that an environment that follows main has deployed, and its branch only advances.
set -euo pipefail

problems=0
no() {
	echo "$1" >&2
	problems=1
}

if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
	echo "this clone is shallow, but the check needs the history of the images: run git fetch --unshallow" >&2
	exit 1
fi

# Reviewed commits are on the remote main branch, not necessarily on the local one.
if ! git rev-parse --verify --quiet refs/remotes/origin/main >/dev/null; then
	no "origin/main does not exist: run git fetch origin"
elif ! git merge-base --is-ancestor HEAD refs/remotes/origin/main; then
	no "this commit is not on origin/main: push it, or check out a commit that is"
fi

stacks=$(tools/environments.sh released)
tried=$(tools/environments.sh main)

for stack in $stacks; do
	branch=refs/remotes/origin/$(tools/environments.sh branch "$stack")

	if git rev-parse --verify --quiet "$branch" >/dev/null && ! git merge-base --is-ancestor "$branch" HEAD; then
		no "$stack runs commits that this commit does not contain: to go back, revert them on main and release that"
	fi

	for file in apps/*/environments/"$stack.yaml"; do
		digest=$(sed -n 's/^ *digest: //p' "$file")
		found=
		for other in $tried; do
			found=$found$(git log -1 --format=%h -S"digest: $digest" -- "${file%/*}/$other.yaml")
		done

		if [ -z "$found" ]; then
			no "$file: ${tried//$'\n'/, } has never deployed $digest: run make promote to take an image that it deploys"
		fi
	done
done

exit "$problems"
