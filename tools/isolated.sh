#!/usr/bin/env bash
# Runs a command in its own network namespace, which has only a loopback device and in which every port is free:
# tools/isolated.sh <command> <arguments>... Without permission to create a namespace, it runs the command without one.
set -euo pipefail

if unshare --map-root-user --net ip link set lo up 2>/dev/null; then
	# shellcheck disable=SC2016 # the inner shell expands it
	exec unshare --map-root-user --net bash -c 'ip link set lo up && exec "$@"' isolated "$@"
fi

echo "cannot create a network namespace: the command runs in the host's network, on 127.0.0.1" >&2
exec "$@"
