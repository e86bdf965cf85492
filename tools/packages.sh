#!/usr/bin/env bash
# Installs what some tests need and Debian or Ubuntu has, as root or with sudo.
set -euo pipefail

# iproute2 and util-linux: a test runs `up` in a network namespace that has a loopback device and nothing else.
# MariaDB and Redis: the services are tested on real stores, and measured beside mysqlslap. gcc: the race detector wants
# it. shellcheck: a test reads every script with it. jq: a test types docs/real-account.md, which uses it.
#
# Of MariaDB the programs alone: mariadb-server has settings and a service too, and GitHub's runners have MySQL's, of
# the same names, over which dpkg would ask.
packages=
for needed in ip:iproute2 unshare:util-linux mariadbd:mariadb-server-core mariadbd:mariadb-client-core \
	mysqlslap:mariadb-client redis-server:redis-server gcc:gcc gcc:libc6-dev shellcheck:shellcheck jq:jq; do
	command -v "${needed%%:*}" >/dev/null || packages="$packages ${needed##*:}"
done

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

if [ -n "$packages" ]; then
	$sudo apt-get update -qq
	# shellcheck disable=SC2086 # words
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
fi

# Ubuntu lets nobody but root make such a namespace, unless it is told to.
restricted=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
if [ -n "$sudo" ] && [ -f "$restricted" ]; then
	echo 0 | $sudo tee "$restricted" >/dev/null
fi
