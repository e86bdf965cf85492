#!/usr/bin/env bash
# Sets platform:cluster.nodeRelease to the release of node images that AWS recommends today for the Kubernetes minor of an
# environment. It changes the stack file and nothing in the account: `pulumi up` then replaces the nodes.
#
#   make node-release STACK=sandbox
#
# It needs AWS CLI 2 and credentials with ssm:GetParameter for the parameters of AWS.
set -euo pipefail

file=Pulumi.${STACK:?is not set; expected the name of an environment}.yaml
if [ ! -f "$file" ]; then
	echo "STACK is $STACK, but $file does not exist; expected one of: $(tools/environments.sh | paste -s -d ' ')" >&2
	exit 1
fi

# member NAME: prints a member of platform:cluster.
member() {
	awk -v name="    $1:" '
		/^  [^ ]/ { inside = index($0, "  platform:cluster:") == 1 }
		inside && index($0, name) == 1 { print $2; exit }
	' "$file" | tr -d "\"'"
}

region=$(sed -n 's/^  aws:region: //p' "$file") minor=$(member version) now=$(member nodeRelease)
if [ -z "$region" ] || [ -z "$minor" ]; then
	echo "$file: found no line \`aws:region: <region>\`, or no line \`version: <minor>\` under platform:cluster" >&2
	exit 1
fi

# EKS User Guide, "Retrieve recommended Amazon Linux AMI IDs". The release is the same for all AL2023 images of a minor.
parameter=/aws/service/eks/optimized-ami/$minor/amazon-linux-2023/x86_64/standard/recommended/release_version
release=$(aws ssm get-parameter --region "$region" --name "$parameter" --query Parameter.Value --output text)

if ! [[ $release =~ ^"$minor"\.[0-9]+-20[0-9]{6}$ ]]; then
	echo "$file was not changed: AWS's parameter $parameter is \"$release\"," \
		"expected a release such as $minor.0-20261120" >&2
	exit 1
elif [ "$release" = "$now" ]; then
	echo "$STACK already has the newest release, $release"
	exit
fi

# A line of the section is replaced, or added after that of the version.
changed=$(awk -v line="    nodeRelease: $release" '
	/^  [^ ]/ { inside = index($0, "  platform:cluster:") == 1 }
	inside && index($0, "    nodeRelease:") == 1 { next }
	{ print }
	inside && index($0, "    version:") == 1 { print line }
' "$file")
printf '%s\n' "$changed" >"$file"
echo "$STACK: nodes of release $release${now:+ instead of $now}"
