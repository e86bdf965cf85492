#!/usr/bin/env bash
# Prints the path of the last report of a stack, and opens it where there is a desktop.
set -euo pipefail

page=$PWD/out/$1/report.html
if [ ! -f "$page" ]; then
	echo "$page does not exist: run: make up STACK=$1, or make preview STACK=$1" >&2
	exit 1
fi

echo "$page"

if [ "$(uname)" = Darwin ]; then
	open "$page"
elif [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && command -v xdg-open >/dev/null; then
	xdg-open "$page"
fi
