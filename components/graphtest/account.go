package graphtest

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// identity returns an ID that is unique across types: two resources may share a name, and a test must notice an input
// that refers to the wrong one.
func identity(args pulumi.MockResourceArgs) string {
	return string(tokens.Type(args.TypeToken).Name()) + "-" + args.Name
}

// outputs returns the inputs of a resource and the outputs that programs read.
func outputs(args pulumi.MockResourceArgs) resource.PropertyMap {
	state := args.Inputs.Copy()
	id := identity(args)

	set := func(name string, value any) {
		state[resource.PropertyKey(name)] = resource.NewPropertyValue(value)
	}

	if arn := arnOf(args.TypeToken, id); arn != "" {
		set("arn", arn)
	}

	switch args.TypeToken {
	case clusterType:
		clusterOutputs(state)
	case "aws:ec2/launchTemplate:LaunchTemplate":
		set("latestVersion", 1)
	case "aws:eks/nodeGroup:NodeGroup":
		name := state["nodeGroupNamePrefix"].StringValue() + "1"
		set("nodeGroupName", name)
		set("resources", []any{map[string]any{"autoscalingGroups": []any{map[string]any{"name": "eks-" + name}}}})
	case "aws:rds/instance:Instance":
		set("address", id)
		set("resourceId", "db-"+args.Name)

		if managed := state["manageMasterUserPassword"]; managed.IsBool() && managed.BoolValue() {
			secret := arnOf("aws:secretsmanager/secret:Secret", "rds!db-"+args.Name)
			set("masterUserSecrets", []any{map[string]any{"secretArn": secret}})
		}
	}

	if output := nameOutput(args.TypeToken); output != "" {
		set(output, id)
	}

	return state
}

// nameOutput returns the output with the name that AWS generates for a resource of a type, or "".
func nameOutput(resourceType string) string {
	return map[string]string{
		"aws:route53/zone:Zone":                             "zoneId",
		"aws:ec2/securityGroup:SecurityGroup":               "name",
		"aws:rds/parameterGroup:ParameterGroup":             "name",
		"aws:elasticache/replicationGroup:ReplicationGroup": "primaryEndpointAddress",
		"aws:lb/loadBalancer:LoadBalancer":                  "dnsName",
	}[resourceType]
}

// arnOf returns the ARN of a resource of AWS, and "" for any other.
func arnOf(resourceType, id string) string {
	pkg, kind, _ := strings.Cut(resourceType, ":")
	if pkg != "aws" {
		return ""
	}

	service, _, _ := strings.Cut(kind, "/")

	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, Region, AccountID, id)
}
