#!/usr/bin/env bash
# Compares the account with the state of STACK. It writes the differences to out/<stack>/drift.txt, by name and without
# values, because the issue may be public. Without a difference, the file does not exist.
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
# Pulumi's exit code for --expect-no-changes. Keep the lines about changes, not those about progress.
7)
	change='^ *[-+~]+ .* (create|update|delete|replace)d?( \[diff: .*\])? *$'
	grep -E "$change" "$file.all" >"$file" || cp "$file.all" "$file"
	;;
# The refresh failed.
*) exit "$found" ;;
esac
