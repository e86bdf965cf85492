#!/usr/bin/env bash
# Makes the environments that follow main deploy LINES_OF_IMAGES, which are lines of `make images`: commits them on main
# and pushes.
set -euo pipefail

export GIT_AUTHOR_NAME='github-actions[bot]' GIT_COMMITTER_NAME='github-actions[bot]'
export GIT_AUTHOR_EMAIL='41898282+github-actions[bot]@users.noreply.github.com'
export GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

# The sources of images: the paths that start images.yml.
sources=(':(glob)apps/*/service/**' ':(glob)apps/*/api/**' ':(glob)apps/chassis/**' ':(glob)tools/images/**')

# Another push may come first, so try several times. Runs of this workflow do not overlap.
for _ in 1 2 3 4 5; do
	git fetch --quiet origin main
	git checkout --quiet --detach FETCH_HEAD

	# A run that is repeated days later must not move an environment back.
	newer=$(git diff --name-only "$GITHUB_SHA" HEAD -- "${sources[@]}")
	if [ -n "$newer" ]; then
		echo "main has newer sources than ${GITHUB_SHA:0:12}: their own run delivers them"
		exit 0
	fi

	stacks=$(tools/environments.sh main)
	for stack in $stacks; do
		printf '%s\n' "$LINES_OF_IMAGES" | grep . | tools/digests.sh "$stack"
	done
	if git diff --quiet; then
		echo "${stacks//$'\n'/, } already deploys these images"
		exit 0
	fi

	services=$(printf '%s\n' "$LINES_OF_IMAGES" | awk 'NF { printf "%s%s", sep, $1; sep = ", " }')
	git commit --quiet --all --message "${stacks//$'\n'/, }: $services as of ${GITHUB_SHA:0:12}"

	if git push --quiet origin HEAD:refs/heads/main; then
		git log -1 --format='pushed %h %s'
		exit 0
	fi
done

echo "could not push to main: it changed before each of five attempts, or its rules refuse the key (.github/README.md)" >&2
exit 1
