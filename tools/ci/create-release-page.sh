#!/usr/bin/env bash
# Makes the page of the release that GITHUB_REF_NAME, a tag, names, with the notes that `make release` wrote into it.
set -euo pipefail

# A run that is run again finds the page.
if gh release view "$GITHUB_REF_NAME" >/dev/null 2>&1; then
	echo "there is a page of $GITHUB_REF_NAME already"
	exit 0
fi

# --verify-tag: without, gh would make a tag that is not there.
gh release create "$GITHUB_REF_NAME" --verify-tag --notes-from-tag --title "$GITHUB_REF_NAME"
