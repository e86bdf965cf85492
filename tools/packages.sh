#!/usr/bin/env bash
# Installs the Debian or Ubuntu packages that some tests need, as root or with sudo.
set -euo pipefail

# iproute2 and util-linux: a test runs `up` in a network namespace without a network.
# MariaDB and Redis: the services are tested with real stores and compared with mysqlslap.
# gcc: the race detector needs a C compiler. shellcheck: a test checks every script.
# jq: a test runs the commands of docs/real-account.md.
# Chromium: tests open the page of a report on phones and desktops, and print it.
# The AWS CLI: make doctor asks an account with it.
#
# Only the programs of MariaDB: the package mariadb-server also installs configuration files and a service, which conflict
# with those of MySQL on GitHub's runners.
packages=
for needed in ip:iproute2 unshare:util-linux mariadbd:mariadb-server-core mariadbd:mariadb-client-core \
	mysqlslap:mariadb-client redis-server:redis-server gcc:gcc gcc:libc6-dev shellcheck:shellcheck jq:jq aws:awscli; do
	command -v "${needed%%:*}" >/dev/null || packages="$packages ${needed##*:}"
done

# GitHub's runners have Chrome, and Ubuntu's package of Chromium needs snapd.
command -v chromium >/dev/null || command -v google-chrome >/dev/null || packages="$packages chromium"

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo

if [ -n "$packages" ]; then
	$sudo apt-get update -qq
	# shellcheck disable=SC2086 # one word per package
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages
fi

# On Ubuntu, only root may create a network namespace unless this setting allows it.
restricted=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
if [ -n "$sudo" ] && [ -f "$restricted" ]; then
	echo 0 | $sudo tee "$restricted" >/dev/null
fi
