#!/usr/bin/env bash
# Signs IMAGE without a key: a short-lived certificate names this workflow. IMAGE must be named by its digest.
set -euo pipefail

case $IMAGE in
*@sha256:*) ;;
*)
	echo "IMAGE is \"$IMAGE\", expected name@sha256:...: a tag can be moved to another image" >&2
	exit 1
	;;
esac

# Sign the images of both platforms as well as their index, because a node may verify the image that it runs.
cosign sign --yes --recursive "$IMAGE"
