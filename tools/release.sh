#!/usr/bin/env bash
# Makes the tag that is to be deployed to staging, with notes of what it brings: tools/release.sh v1.2.3
set -euo pipefail

version=${1:-}
number='(0|[1-9][0-9]*)'

if ! [[ $version =~ ^v$number\.$number\.$number$ ]]; then
	echo "VERSION: got \"$version\", want three numbers, as v1.2.3" >&2
	exit 1
elif [ -n "$(git status --porcelain)" ]; then
	echo "there are changes that are in no commit: commit them first" >&2
	exit 1
elif [ "$(git symbolic-ref --short --quiet HEAD || true)" != main ]; then
	echo "this is not main, from which releases are made: git checkout main" >&2
	exit 1
elif git rev-parse --verify --quiet "refs/tags/$version" >/dev/null; then
	echo "there is a $version already, and a release never changes: take the next number" >&2
	exit 1
fi

tools/ci/check-release.sh

before=$(git describe --tags --abbrev=0 --match 'v*' 2>/dev/null || true)

# The digest that a commit has staging run of a service. Of one that is new then, nothing.
digest() { git show "$1:$2" 2>/dev/null | sed -n 's/^ *digest: //p' || true; }

notes() {
	printf '%s\n\nImages:\n' "$version"
	for file in apps/*/environments/staging.yaml; do
		service=${file#apps/} now=$(digest HEAD "$file") was=
		[ -z "$before" ] || was=$(digest "$before" "$file")
		if [ "$now" = "$was" ]; then was='the same'; fi
		printf -- '- %s: %s, before %s\n' "${service%%/*}" "${now:0:19}" "$(printf '%.19s' "${was:-none}")"
	done

	printf '\nChanges%s:\n' "${before:+ since $before}"
	git log --format='- %s (%h)' "${before:+$before..}HEAD"
}

# Whitespace alone: a note that begins with # is a note.
notes | git tag --annotate --cleanup=whitespace --file=- "$version"
git tag --list --format='%(contents)' "$version"
echo "To deploy it: git push origin $version, and approve the run of the workflow Staging."
