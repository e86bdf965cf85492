package graphtest

import (
	"fmt"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// identity is an id that no other resource has, whatever its type: two resources may share a name, and an
// input that refers to the wrong one of them must be seen.
func identity(args pulumi.MockResourceArgs) string {
	return string(tokens.Type(args.TypeToken).Name()) + "-" + args.Name
}

// outputs answers a registration with the inputs and the one output that nearly every AWS resource has.
func outputs(args pulumi.MockResourceArgs) resource.PropertyMap {
	state := args.Inputs.Copy()
	if arn := arnOf(args.TypeToken, identity(args)); arn != "" {
		state["arn"] = resource.NewProperty(arn)
	}

	switch args.TypeToken {
	case clusterType:
		clusterOutputs(state)
	case launchTemplateType:
		state["latestVersion"] = resource.NewProperty(1.0)
	case nodeGroupType:
		nodeGroupOutputs(state)
	case databaseType:
		databaseOutputs(state, args.Name)
	}

	maps.Copy(state, named(args))

	return state
}

const databaseType = "aws:rds/instance:Instance"

// databaseOutputs are what RDS makes by itself: what IAM calls the instance, and the secret of its admin.
func databaseOutputs(state resource.PropertyMap, name string) {
	state["resourceId"] = resource.NewProperty("db-" + name)

	if managed := state["manageMasterUserPassword"]; managed.IsBool() && managed.BoolValue() {
		secret := arnOf("aws:secretsmanager/secret:Secret", "rds!db-"+name)
		state["masterUserSecrets"] = resource.NewProperty([]resource.PropertyValue{resource.NewProperty(
			resource.PropertyMap{"secretArn": resource.NewProperty(secret)})})
	}
}

const nameProperty = "name"

// named are the names that the account gives, as far as programs read them.
func named(args pulumi.MockResourceArgs) resource.PropertyMap {
	id := identity(args)

	output, known := map[string]string{
		"aws:route53/zone:Zone":                             "zoneId",
		"aws:ec2/securityGroup:SecurityGroup":               nameProperty,
		"aws:rds/parameterGroup:ParameterGroup":             nameProperty,
		databaseType:                                        "address",
		"aws:elasticache/replicationGroup:ReplicationGroup": "primaryEndpointAddress",
		"aws:lb/loadBalancer:LoadBalancer":                  "dnsName",
	}[args.TypeToken]
	if !known {
		return nil
	}

	return resource.PropertyMap{resource.PropertyKey(output): resource.NewProperty(id)}
}

// arnOf gives the ARN of a resource of AWS, and nothing for any other.
func arnOf(resourceType, id string) string {
	pkg, kind, _ := strings.Cut(resourceType, ":")
	if pkg != "aws" {
		return ""
	}

	service, _, _ := strings.Cut(kind, "/")

	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, Region, AccountID, id)
}

// invoke answers a function as the account that the rehearsal simulates would in a region. In us-east-1 its zone
// e is one that EKS refuses; it has also opted in to a Local Zone, where there is no control plane either.
func invoke(token, region string) (resource.PropertyMap, error) {
	answers := map[string]map[string]any{
		"aws:index/getAvailabilityZones:getAvailabilityZones": zones(region),
		"aws:index/getCallerIdentity:getCallerIdentity": {
			"accountId": AccountID,
			"arn":       "arn:aws:sts::" + AccountID + ":assumed-role/" + Deployer + "/session",
			"userId":    "AROAEXAMPLE:session",
		},
		"aws:index/getPartition:getPartition": {
			"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws",
		},
	}

	maps.Copy(answers, nothingDeployed())

	answer, known := answers[token]
	if !known {
		return nil, fmt.Errorf("graphtest has no answer for %s: add one to components/graphtest/account.go", token)
	}

	return resource.NewPropertyMapFromMap(answer), nil
}

// nothingDeployed answers what a program asks of its former runs. Answering returns something else.
func nothingDeployed() map[string]map[string]any {
	return map[string]map[string]any{
		"aws:cloudwatch/getLogGroups:getLogGroups": {"arns": []any{}, "id": Region, "logGroupNames": []any{}},
		"aws:ec2/getSubnets:getSubnets":            {"id": Region, "ids": []any{}, "tags": map[string]any{}},
		"aws:ec2/getVpcs:getVpcs":                  {"id": Region, "ids": []any{}, "tags": map[string]any{}},
		"aws:eks/getClusters:getClusters":          {"id": Region, "names": []any{}},
	}
}

// zones are those of a region: letters and ids do not have the same order.
func zones(region string) map[string]any {
	prefix := region
	if region == Region {
		prefix = "use1"
	}

	names, ids := []any{region + "-bos-1a"}, []any{prefix + "-bos1-az1"}

	for i, letter := range []string{"a", "b", "c", "d", "e", "f"} {
		names = append(names, region+letter)
		ids = append(ids, fmt.Sprintf("%s-az%d", prefix, []int{6, 1, 2, 4, 3, 5}[i]))
	}

	return map[string]any{"names": names, "zoneIds": ids}
}
