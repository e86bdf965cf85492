#!/usr/bin/env bash
# Signs IMAGE, which is named by its digest, without a key: the certificate names this workflow, and is short-lived.
set -euo pipefail

case $IMAGE in
*@sha256:*) ;;
*)
	echo "IMAGE: got \"$IMAGE\", want one by its digest: what a tag names can change" >&2
	exit 1
	;;
esac

# Both platforms' images too, not their index alone: a node may be asked to verify what it runs.
cosign sign --yes --recursive "$IMAGE"
