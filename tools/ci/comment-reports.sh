#!/usr/bin/env bash
# Comments the reports of a finished run of Checks on its pull request. The reports are untrusted: see tools/ci/comment.
set -euo pipefail

exec go -C tools/ci run . comment sandbox staging
