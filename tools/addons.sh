#!/bin/sh
# Pins the add-on versions that EKS installs by default today, for each Kubernetes minor and add-on of addons.yaml.
# It changes that file and nothing in the account: read the difference, run `make golden`, and commit both.
#
#   make addons
#
# It needs AWS CLI 2 and credentials with eks:DescribeAddonVersions.
set -eu

file=${1:-components/cluster/plan/addons.yaml}
region=${AWS_REGION:-us-east-1}
new=$(mktemp)
trap 'rm -f "$new"' EXIT

while IFS= read -r line; do
	case $line in
	"- {minor: "*)
		minor=$(printf '%s\n' "$line" | sed -E 's/.*minor: "([0-9.]+)".*/\1/')
		addon=$(printf '%s\n' "$line" | sed -E 's/.*addon: ([a-z0-9-]+),.*/\1/')
		version=$(aws eks describe-addon-versions --region "$region" --kubernetes-version "$minor" --addon-name "$addon" \
			--query "addons[0].addonVersions[?compatibilities[?clusterVersion=='$minor' && defaultVersion]].addonVersion | [0]" \
			--output text)

		case $version in
		v[0-9]*) ;;
		*)
			echo "$file was not changed: EKS has no default version of $addon for Kubernetes $minor in $region" \
				"(got \"$version\"); remove the line, or set AWS_REGION to another region" >&2
			exit 1
			;;
		esac

		printf -- '- {minor: "%s", addon: %s, version: %s}\n' "$minor" "$addon" "$version"
		;;
	"# These were taken"*) ;; # no longer true: the versions now come from AWS
	*) printf '%s\n' "$line" ;;
	esac
done <"$file" >"$new"

if cmp -s "$new" "$file"; then
	echo "$file is up to date."
else
	diff -u "$file" "$new" || true
	cat "$new" >"$file"
	echo "$file now pins newer versions. Run \`make golden\`, read the difference, and commit both."
fi
