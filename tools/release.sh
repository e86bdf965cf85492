#!/usr/bin/env bash
# Creates the tag of a release, with release notes: tools/release.sh v1.2.3
set -euo pipefail

version=${1:-}
number='(0|[1-9][0-9]*)'

if ! [[ $version =~ ^v$number\.$number\.$number$ ]]; then
	echo "VERSION is \"$version\", expected three numbers, such as v1.2.3" >&2
	exit 1
elif [ -n "$(git status --porcelain)" ]; then
	echo "the checkout has uncommitted changes: commit them first" >&2
	exit 1
elif [ "$(git symbolic-ref --short --quiet HEAD || true)" != main ]; then
	echo "the current branch is not main, which releases are made from: run git checkout main" >&2
	exit 1
elif git rev-parse --verify --quiet "refs/tags/$version" >/dev/null; then
	echo "$version already exists, and a release never changes: choose the next version" >&2
	exit 1
fi

tools/ci/check-release.sh

stacks=$(tools/environments.sh released)
before=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)

# digest COMMIT FILE: prints the digest that an environment deploys at a commit, or nothing for a service that it lacks.
digest() { git show "$1:$2" 2>/dev/null | sed -n 's/^ *digest: //p' || true; }

notes() {
	printf '%s\n\nImages:\n' "$version"
	for stack in $stacks; do
		for file in apps/*/environments/"$stack.yaml"; do
			service=${file#apps/} now=$(digest HEAD "$file") was=
			[ -z "$before" ] || was=$(digest "$before" "$file")
			if [ "$now" = "$was" ]; then was='the same'; fi
			printf -- '- %s, %s: %s, before %s\n' "$stack" "${service%%/*}" "${now:0:19}" "$(printf '%.19s' "${was:-none}")"
		done
	done

	printf '\nChanges%s:\n' "${before:+ since $before}"
	git log --format='- %s (%h)' "${before:+$before..}HEAD"
}

# With whitespace cleanup, git keeps lines that begin with "#".
notes | git tag --annotate --cleanup=whitespace --file=- "$version"
git tag --list --format='%(contents)' "$version"
echo "To deploy it, run git push origin $version and approve the run of the workflow Release."
