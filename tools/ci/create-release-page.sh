#!/usr/bin/env bash
# Creates the GitHub release of the tag GITHUB_REF_NAME, with the notes that `make release` wrote into the tag.
set -euo pipefail

# A repeated run finds the release.
if gh release view "$GITHUB_REF_NAME" >/dev/null 2>&1; then
	echo "the release $GITHUB_REF_NAME already exists"
	exit 0
fi

# Without --verify-tag, gh would create a missing tag.
gh release create "$GITHUB_REF_NAME" --verify-tag --notes-from-tag --title "$GITHUB_REF_NAME"
