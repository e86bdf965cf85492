#!/usr/bin/env bash
# Comments the reports of a finished run of Checks on its pull request. The reports are untrusted: see tools/ci/comment.
set -euo pipefail

environments=$(tools/environments.sh)
# shellcheck disable=SC2086 # one argument for each
exec go -C tools/ci run . comment $environments
