#!/usr/bin/env bash
# Advances the branch that the Argo CD of STACK follows to the checked-out commit. Git refuses to move it back because the
# push is not forced.
set -euo pipefail

git push origin "HEAD:refs/heads/$(tools/environments.sh branch "$STACK")"
