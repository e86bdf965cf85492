#!/bin/sh
# Deletes what remains after an environment is destroyed: log groups that EKS, RDS and flow logs create again with their
# last lines, instances and launch templates of Karpenter if the destroy could not reach the cluster, network interfaces
# that nodes did not release, and the security group that EKS created for its cluster. Instances, interfaces and security
# groups block the next `pulumi destroy`; instances and log groups cost money until they are deleted. Snapshots and keys
# are kept on purpose.
#
#   tools/sweep.sh sandbox
#
# It needs the AWS CLI and credentials for the environment's account. It can be run again at any time.
set -eu

environment=${1:-}
file=Pulumi.$environment.yaml

if [ "$#" != 1 ] || [ ! -f "$file" ]; then
	echo "usage: run tools/sweep.sh <environment> in the project's folder; the environments are" \
		"$(echo Pulumi.?*.yaml | sed 's/Pulumi\.//g; s/\.yaml//g')" >&2
	exit 1
fi

trap '[ "$?" = 0 ] || echo "The sweep is incomplete. It can be run again: tools/sweep.sh $environment" >&2' EXIT

refuse() {
	echo "nothing was deleted: $*" >&2
	exit 1
}

# The sweep deletes exactly these log groups: a prefix could match log groups of another owner.
cluster=$environment
database=$environment-database
network=$environment-network-vpc
log_groups="/aws/eks/$cluster/cluster
/aws/rds/instance/$database/error
/aws/rds/instance/$database/slowquery
/aws/rds/instance/$database/iam-db-auth-error
$environment-network-flow-logs"

region=$(awk '{ gsub(/["\047]/, "") } $1 == "aws:region:" && $2 !~ /^#/ { print $2 }' "$file")
[ -n "$region" ] || refuse "$file has no aws:region: set it to the region of $environment"

# AWS CLI 2 reads AWS_REGION, AWS CLI 1 only AWS_DEFAULT_REGION.
export AWS_REGION="$region" AWS_DEFAULT_REGION="$region"

# The list may be on one line, or have one line per account.
allowed=$(awk '/aws:allowedAccountIds/ { on = 1; print; next } !/^ *-/ { on = 0 } on' "$file" | grep -oE '[0-9]{12}' || true)
account=$(aws sts get-caller-identity --query Account --output text)

if [ -n "$allowed" ] && ! echo "$allowed" | grep -qx "$account"; then
	refuse "the credentials belong to account $account, expected one of aws:allowedAccountIds in $file:" "$allowed"
fi

# absent OBJECT CODE COMMAND...: refuses to continue unless COMMAND fails with the error code for "not found".
absent() {
	object=$1 code=$2
	shift 2

	if answer=$("$@" 2>&1 >/dev/null); then
		refuse "the $object exists in $region; destroy it first: pulumi destroy --stack $environment"
	fi

	case $answer in
	*"($code)"*) ;;
	*) refuse "cannot determine whether the $object exists: $answer" ;;
	esac
}

absent "cluster $cluster" ResourceNotFoundException aws eks describe-cluster --name "$cluster"
absent "database $database" DBInstanceNotFound aws rds describe-db-instances --db-instance-identifier "$database"

# While the VPC exists, a destroy is incomplete or an `up` is running, so the log groups may be in the state.
vpc=$(aws ec2 describe-vpcs --filters "Name=tag:Name,Values=$network" --query 'Vpcs[].VpcId' --output text)

failed=0

# delete OBJECT CODE COMMAND...: an object that AWS has deleted meanwhile counts as deleted.
delete() {
	object=$1 code=$2
	shift 2

	if answer=$("$@" 2>&1); then
		echo "deleted the $object"
		return
	fi

	case $answer in
	*"($code)"*) ;;
	*)
		echo "deleting the $object: $answer" >&2
		failed=1
		;;
	esac
}

# Karpenter gives these tags to what it launches. Its cluster is gone, so nothing else manages them.
karpenter="Name=tag:eks:eks-cluster-name,Values=$cluster Name=tag-key,Values=karpenter.sh/nodepool"

# shellcheck disable=SC2086 # two filters
instances=$(aws ec2 describe-instances --filters $karpenter Name=instance-state-name,Values=pending,running,stopping,stopped \
	--query 'Reservations[].Instances[].InstanceId' --output text)
for instance in $instances; do
	delete "instance $instance" InvalidInstanceID.NotFound aws ec2 terminate-instances --instance-ids "$instance"
done
for instance in $instances; do
	aws ec2 wait instance-terminated --instance-ids "$instance"
done

# shellcheck disable=SC2086 # two filters
templates=$(aws ec2 describe-launch-templates --filters $karpenter \
	--query 'LaunchTemplates[].LaunchTemplateId' --output text)
for template in $templates; do
	delete "launch template $template" InvalidLaunchTemplateId.NotFound \
		aws ec2 delete-launch-template --launch-template-id "$template"
done

interfaces=$(aws ec2 describe-network-interfaces \
	--filters Name=status,Values=available "Name=tag:cluster.k8s.amazonaws.com/name,Values=$cluster" \
	--query 'NetworkInterfaces[].NetworkInterfaceId' --output text)
for interface in $interfaces; do
	delete "network interface $interface" InvalidNetworkInterfaceID.NotFound \
		aws ec2 delete-network-interface --network-interface-id "$interface"
done

# Only EKS can set a tag that begins with "aws:".
groups=$(aws ec2 describe-security-groups --filters "Name=tag:aws:eks:cluster-name,Values=$cluster" \
	--query 'SecurityGroups[].GroupId' --output text)
for group in $groups; do
	delete "security group $group" InvalidGroup.NotFound aws ec2 delete-security-group --group-id "$group"
done

if [ -n "$vpc" ]; then
	echo "$vpc still exists, so the log groups were kept: run pulumi destroy --stack $environment, then this script again."
	exit "$failed"
fi

for group in $log_groups; do
	delete "log group $group" ResourceNotFoundException aws logs delete-log-group --log-group-name "$group"
done

[ "$failed" = 0 ] || exit 1
echo "$environment is swept. Late log lines may create a log group again: run this script again in ten minutes."
