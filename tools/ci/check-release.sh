#!/usr/bin/env bash
# Checks that the checked-out commit may be deployed to staging, and reports every reason against it.
set -euo pipefail

problems=0
no() {
	echo "$1" >&2
	problems=1
}

if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
	echo "this clone is shallow, but the check needs the history of the sandbox: run git fetch --unshallow" >&2
	exit 1
fi

# Reviewed commits are on the remote main branch, not necessarily on the local one.
if ! git rev-parse --verify --quiet refs/remotes/origin/main >/dev/null; then
	no "origin/main does not exist: run git fetch origin"
elif ! git merge-base --is-ancestor HEAD refs/remotes/origin/main; then
	no "this commit is not on origin/main: push it, or check out a commit that is"
fi

if git rev-parse --verify --quiet refs/remotes/origin/release >/dev/null &&
	! git merge-base --is-ancestor refs/remotes/origin/release HEAD; then
	no "staging runs commits that this commit does not contain: to go back, revert them on main and release that"
fi

for staging in apps/*/environments/staging.yaml; do
	sandbox=${staging%staging.yaml}sandbox.yaml
	digest=$(sed -n 's/^ *digest: //p' "$staging")

	if [ -z "$(git log -1 --format=%h -S"digest: $digest" -- "$sandbox")" ]; then
		no "$staging: the sandbox has never deployed $digest: run make promote to take an image that it deploys"
	fi
done

exit "$problems"
