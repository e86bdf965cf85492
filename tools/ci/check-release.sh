#!/usr/bin/env bash
# Tells whether the commit that is checked out may go to staging. Every reason why not is told.
set -euo pipefail

problems=0
no() {
	echo "$1" >&2
	problems=1
}

if [ "$(git rev-parse --is-shallow-repository)" = true ]; then
	echo "this clone has not the whole history, in which it stands what the sandbox has run: git fetch --unshallow" >&2
	exit 1
fi

# What somebody else has reviewed is on main there, not on the one that is here.
if ! git rev-parse --verify --quiet refs/remotes/origin/main >/dev/null; then
	no "there is no origin/main to compare with: git fetch origin"
elif ! git merge-base --is-ancestor HEAD refs/remotes/origin/main; then
	no "this commit is not on origin/main: push it, or go to one that is"
fi

if git rev-parse --verify --quiet refs/remotes/origin/release >/dev/null &&
	! git merge-base --is-ancestor refs/remotes/origin/release HEAD; then
	no "staging runs what this commit does not have: to go back, revert on main, and release that"
fi

for staging in apps/*/environments/staging.yaml; do
	sandbox=${staging%staging.yaml}sandbox.yaml
	digest=$(sed -n 's/^ *digest: //p' "$staging")

	if [ -z "$(git log -1 --format=%h -S"digest: $digest" -- "$sandbox")" ]; then
		no "$staging: the sandbox has never run $digest: make promote takes one that it runs"
	fi
done

exit "$problems"
