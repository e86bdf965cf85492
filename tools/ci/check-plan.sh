#!/usr/bin/env bash
# Fails if `up` of STACK would lose data, naming the resources, or if the preview fails. The plan is then in
# out/<stack>/plan.json: it contains values, so the log does not show it.
set -euo pipefail

mkdir -p "out/$STACK"
file=$PWD/out/$STACK/plan.json

# The output of a failed preview contains its errors, which the check prints.
failed=0
pulumi preview --json --non-interactive --stack "$STACK" >"$file" || failed=$?
FILE=$file go -C rehearsal run ./plan/check
exit "$failed"
