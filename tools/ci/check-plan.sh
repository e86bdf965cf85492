#!/usr/bin/env bash
# Fails where `up` of STACK would lose what holds data, with its name, and where there is no preview. What it reads is
# then in out/<stack>/plan.json: a log says less, without values.
set -euo pipefail

mkdir -p "out/$STACK"
file=$PWD/out/$STACK/plan.json

# What is wrong with a preview is in what it prints, too: the check says it.
failed=0
pulumi preview --json --non-interactive --stack "$STACK" >"$file" || failed=$?
FILE=$file go -C rehearsal run ./plan/check
exit "$failed"
