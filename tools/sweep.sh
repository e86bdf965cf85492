#!/bin/sh
# Deletes what AWS's services have left behind of an environment that is destroyed: log groups that a cluster's and a
# database's last lines made again, and network interfaces that nodes could not give back. With them there, the next
# `pulumi up` finds names taken, or subnets in use. It deletes no snapshot and no key: those are kept on purpose.
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

AWS_REGION=$(awk '$1 == "aws:region:" { print $2 }' "$file")
export AWS_REGION

# A living environment writes to these log groups: nothing is swept under it.
if aws eks describe-cluster --name "$environment" >/dev/null 2>&1; then
	echo "$environment is up in $AWS_REGION, and nothing was touched: destroy it first (pulumi destroy --stack $environment)" >&2
	exit 1
fi

for prefix in "/aws/eks/$environment/" "/aws/rds/instance/$environment-database/" "$environment-network-flow-logs"; do
	groups=$(aws logs describe-log-groups --log-group-name-prefix "$prefix" \
		--query 'logGroups[].logGroupName' --output text)
	for group in $groups; do
		echo "deleting the log group $group"
		aws logs delete-log-group --log-group-name "$group"
	done
done

interfaces=$(aws ec2 describe-network-interfaces \
	--filters Name=status,Values=available "Name=tag:cluster.k8s.amazonaws.com/name,Values=$environment" \
	--query 'NetworkInterfaces[].NetworkInterfaceId' --output text)
for interface in $interfaces; do
	echo "deleting the network interface $interface"
	aws ec2 delete-network-interface --network-interface-id "$interface"
done

echo "Nothing is left of $environment but what is kept on purpose."
