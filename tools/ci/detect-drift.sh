#!/usr/bin/env bash
# Looks whether the account still is as STACK was deployed. What differs is then in out/<stack>/drift.txt, by name and
# without values, for the issue is public where the repository is; without a difference the file is not there.
set -euo pipefail

mkdir -p "out/$STACK"
file=out/$STACK/drift.txt
rm -f "$file"

found=0
pulumi refresh --preview-only --expect-no-changes --non-interactive --suppress-outputs --suppress-progress \
	--color never --stack "$STACK" >"$file.all" 2>&1 || found=$?
cat "$file.all"

case $found in
0) ;;
# Pulumi's own for --expect-no-changes. Of its lines those that tell a change, and not that something is looked at.
7)
	told='^ *[-+~]+ .* (create|update|delete|replace)d?( \[diff: .*\])? *$'
	grep -E "$told" "$file.all" >"$file" || cp "$file.all" "$file"
	;;
# Nothing is known, and the job fails.
*) exit "$found" ;;
esac
