#!/usr/bin/env bash
# Prints the environments: those with a stack file in the root of the repository.
#
#   tools/environments.sh                 all
#   tools/environments.sh main            those that follow the branch main, and get each new image
#   tools/environments.sh released        all others, which get releases
#   tools/environments.sh branch STACK    the branch that STACK follows
set -euo pipefail

cd "$(dirname "$0")/.."

# branch STACK: prints platform:gitops.revision.
branch() {
	found=$(sed -n "s/^ *revision: *[\"']\{0,1\}\([^\"' #]*\).*/\1/p" "Pulumi.$1.yaml")
	if [ -z "$found" ]; then
		echo "Pulumi.$1.yaml: found no line \`revision: <branch>\` under platform:gitops" >&2
		exit 1
	fi
	echo "$found"
}

if [ "${1:-}" = branch ]; then
	branch "$2"
	exit
fi

for file in Pulumi.*.yaml; do
	stack=${file#Pulumi.} stack=${stack%.yaml}
	revision=$(branch "$stack")

	case ${1:-all}/$revision in
	all/* | main/main) echo "$stack" ;;
	released/main | main/*) ;;
	released/*) echo "$stack" ;;
	esac
done
