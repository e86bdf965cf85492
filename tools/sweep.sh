#!/bin/sh
# Deletes what AWS's services have left behind of an environment that is destroyed: log groups that a cluster's and a
# database's last lines made again, network interfaces that nodes could not give back, and the security group of EKS's
# own that these held. With them there, the next `pulumi up` finds names taken, or `pulumi destroy` a VPC in use. It
# deletes no snapshot and no key: those are kept on purpose.
#
#   tools/sweep.sh sandbox
#
# It needs the AWS CLI, and credentials of the account that the environment was in.
set -eu

environment=${1:-}
file=Pulumi.$environment.yaml

if [ "$#" != 1 ] || [ ! -f "$file" ]; then
	echo "usage, in the project's folder: tools/sweep.sh <environment>, one of" \
		"$(echo Pulumi.?*.yaml | sed 's/Pulumi\.//g; s/\.yaml//g')" >&2
	exit 1
fi

refuse() {
	echo "nothing was touched: $*" >&2
	exit 1
}

region=$(awk '{ gsub(/["\047]/, "") } $1 == "aws:region:" && $2 !~ /^#/ { print $2 }' "$file")
[ -n "$region" ] || refuse "aws:region of $file: got nothing, want the region that $environment was in"

# By a flag, for the first version of the CLI does not read AWS_REGION.
ask() {
	aws "$@" --region "$region"
}

# The list may be in one line, or have a line for each account.
allowed=$(awk '/aws:allowedAccountIds/ { on = 1; print; next } !/^ *-/ { on = 0 } on' "$file" | grep -oE '[0-9]{12}' || true)
account=$(ask sts get-caller-identity --query Account --output text)

if [ -n "$allowed" ] && ! echo "$allowed" | grep -qx "$account"; then
	refuse "the credentials are of account $account, want one of aws:allowedAccountIds in $file:" "$allowed"
fi

# Nothing is swept under what lives, and only AWS's word that something is not there is taken for that.
absent() {
	what=$1 error=$2
	shift 2

	if said=$(ask "$@" 2>&1 >/dev/null); then
		refuse "the $what is there in $region; destroy it first (pulumi destroy --stack $environment)"
	fi

	case $said in
	*"($error)"*) ;;
	*) refuse "AWS does not say whether the $what is there: $said" ;;
	esac
}

absent "cluster $environment" ResourceNotFoundException eks describe-cluster --name "$environment"
absent "database $environment-database" DBInstanceNotFound \
	rds describe-db-instances --db-instance-identifier "$environment-database"

# A VPC that is there is of a destroy that did not come to its end, or of an `up`: its log groups may be in the state.
vpc=$(ask ec2 describe-vpcs --filters "Name=tag:Name,Values=$environment-network-vpc" \
	--query 'Vpcs[].VpcId' --output text)

interfaces=$(ask ec2 describe-network-interfaces \
	--filters Name=status,Values=available "Name=tag:cluster.k8s.amazonaws.com/name,Values=$environment" \
	--query 'NetworkInterfaces[].NetworkInterfaceId' --output text)
for interface in $interfaces; do
	echo "deleting the network interface $interface"
	ask ec2 delete-network-interface --network-interface-id "$interface"
done

# Nobody but EKS can give this tag.
groups=$(ask ec2 describe-security-groups --filters "Name=tag:aws:eks:cluster-name,Values=$environment" \
	--query 'SecurityGroups[].GroupId' --output text)
for group in $groups; do
	echo "deleting the security group $group"
	ask ec2 delete-security-group --group-id "$group"
done

if [ -n "$vpc" ]; then
	echo "$vpc is there still, so log groups were left: pulumi destroy --stack $environment, and this once more."
	exit 0
fi

for prefix in "/aws/eks/$environment/" "/aws/rds/instance/$environment-database/" "$environment-network-flow-logs"; do
	groups=$(ask logs describe-log-groups --log-group-name-prefix "$prefix" \
		--query 'logGroups[].logGroupName' --output text)
	for group in $groups; do
		echo "deleting the log group $group"
		ask logs delete-log-group --log-group-name "$group"
	done
done

echo "$environment is swept. Lines that come late make a log group again: where \`pulumi up\` finds a name taken," \
	"destroy, and run this again in ten minutes or so."
