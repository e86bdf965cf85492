#!/bin/sh
# A stand-in for the AWS CLI, with the calls of tools/sweep.sh. The file ACCOUNT has a line for each object: its region,
# its name, and its filters. As with the real CLI, version 1 reads one variable for the region and version 2 another. The
# call that FAILS names fails, with the error behind the colon.
set -eu
call="$1 $2" name=$4
[ "$AWS_REGION" = "$AWS_DEFAULT_REGION" ] || { echo "$call: different regions" >&2; exit 252; }
region=$AWS_REGION
if [ "$call" = "${FAILS%%:*}" ]; then echo "An error occurred ${FAILS#*:}" >&2; exit 254; fi

one() {
	grep -q "^$region $1$name " "$ACCOUNT" || { echo "An error occurred ($2) when calling it: no $name" >&2; exit 254; }
}
list() {
	found=$(grep "^$region $1" "$ACCOUNT" || true)
	shift
	for filter; do
		case $filter in Name=*,Values=*) filter=${filter#Name=} ;; *) continue ;; esac
		pattern=$(echo "${filter#*,Values=}" | sed 's/[.]/[.]/g; s/,/|/g') # one of several values
		found=$(echo "$found" | grep -E -- " ${filter%%,*}=($pattern) " || true)
	done
	echo "$found" | cut -d ' ' -f 2
}
delete() {
	one "" "$1"
	grep -v "^$region $name " "$ACCOUNT" >"$ACCOUNT.new" || true
	mv "$ACCOUNT.new" "$ACCOUNT"
}

case $call in
"sts get-caller-identity") echo 123456789012 ;;
"eks describe-cluster") one cluster: ResourceNotFoundException ;;
"rds describe-db-instances") one database: DBInstanceNotFound ;;
"ec2 describe-vpcs") list vpc- "$@" ;;
"ec2 describe-instances") list i- "$@" ;;
"ec2 terminate-instances") delete InvalidInstanceID.NotFound ;;
"ec2 wait") ;;
"ec2 describe-launch-templates") list lt- "$@" ;;
"ec2 delete-launch-template") delete InvalidLaunchTemplateId.NotFound ;;
"ec2 describe-network-interfaces") list eni- "$@" ;;
"ec2 describe-security-groups") list sg- "$@" ;;
"logs delete-log-group") delete ResourceNotFoundException ;;
"ec2 delete-network-interface") delete InvalidNetworkInterfaceID.NotFound ;;
"ec2 delete-security-group") delete InvalidGroup.NotFound ;;
*) echo "the stand-in has no call $*" >&2; exit 2 ;;
esac
