#!/usr/bin/env bash
# Has the sandbox deploy LINES_OF_IMAGES, lines as `make images` prints them: a commit on main, which it pushes.
set -euo pipefail

export GIT_AUTHOR_NAME='github-actions[bot]' GIT_COMMITTER_NAME='github-actions[bot]'
export GIT_AUTHOR_EMAIL='41898282+github-actions[bot]@users.noreply.github.com'
export GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

# What images are made of: the paths of images.yml, by which its runs start.
sources=(':(glob)apps/*/service/**' ':(glob)apps/*/api/**' ':(glob)apps/chassis/**' ':(glob)tools/images/**')

# Somebody else may push in between. The images are those of this run; runs come one after the other.
for _ in 1 2 3 4 5; do
	git fetch --quiet origin main
	git checkout --quiet --detach FETCH_HEAD

	# A run that somebody runs again days later would take the sandbox back.
	newer=$(git diff --name-only "$GITHUB_SHA" HEAD -- "${sources[@]}")
	if [ -n "$newer" ]; then
		echo "main has other sources than ${GITHUB_SHA:0:12} by now: their own run delivers them, with what is new here"
		exit 0
	fi

	printf '%s\n' "$LINES_OF_IMAGES" | grep . | tools/digests.sh sandbox
	if git diff --quiet; then
		echo "the sandbox has them already"
		exit 0
	fi

	services=$(printf '%s\n' "$LINES_OF_IMAGES" | awk 'NF { printf "%s%s", sep, $1; sep = ", " }')
	git commit --quiet --all --message "sandbox: $services as of ${GITHUB_SHA:0:12}"

	if git push --quiet origin HEAD:refs/heads/main; then
		git log -1 --format='pushed %h %s'
		exit 0
	fi
done

echo "main was moved by others each time, or its rules do not let the key pass: see .github/README.md" >&2
exit 1
