#!/usr/bin/env bash
# Prints the path of the `pulumi` on the PATH if the rehearsal can use it: tools/installed-pulumi.sh <pinned version>
# It can use later minor versions of the pinned one. Otherwise it prints nothing, and `make` builds the pinned one.
set -euo pipefail

pinned=${1#v}
installed=$(command -v pulumi || true)
[ -n "$installed" ] || exit 0

version=$(PULUMI_SKIP_UPDATE_CHECK=true "$installed" version 2>/dev/null | grep -oE '[0-9]+(\.[0-9]+){2}' | head -n 1 || true)

if [ "${version%%.*}" = "${pinned%%.*}" ] && printf '%s\n%s\n' "$pinned" "$version" | sort -CV; then
	echo "$installed"
fi
