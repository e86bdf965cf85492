#!/usr/bin/env bash
# Comments on a pull request what the run of Checks that has just ended reported of each environment. What it is told by
# that run it takes for anybody's words: see tools/ci/comment.
set -euo pipefail

exec go -C tools/ci run . comment sandbox staging
