#!/usr/bin/env bash
# Runs a command in a network of its own, where nothing but itself can be reached and every port is free, if the system
# lets us make one: tools/isolated.sh <command> <arguments>... Else it runs it as it is.
set -euo pipefail

if unshare --map-root-user --net ip link set lo up 2>/dev/null; then
	# shellcheck disable=SC2016 # the inner shell is the one that expands it
	exec unshare --map-root-user --net bash -c 'ip link set lo up && exec "$@"' isolated "$@"
fi

echo "no network of its own here: it listens on 127.0.0.1" >&2
exec "$@"
