#!/usr/bin/env bash
# Moves the branch `release`, which staging's Argo CD follows, on to the commit that is checked out. Never back: without
# force git refuses that.
set -euo pipefail

git push origin HEAD:refs/heads/release
