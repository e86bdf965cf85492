#!/usr/bin/env bash
# Advances the branch `release`, which staging's Argo CD follows, to the checked-out commit. Git refuses to move it back
# because the push is not forced.
set -euo pipefail

git push origin HEAD:refs/heads/release
