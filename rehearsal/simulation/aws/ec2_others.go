package aws

import (
	"maps"
	"reflect"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeVPCEndpoint       = "aws:ec2/vpcEndpoint:VpcEndpoint"
	typeLaunchTemplate    = "aws:ec2/launchTemplate:LaunchTemplate"
	typeInstance          = "aws:ec2/instance:Instance"
	typeScalingAttachment = "aws:autoscaling/attachment:Attachment"
)

func ec2Rules() map[string]rules {
	return map[string]rules{
		typeVPCEndpoint: {
			outputs: makers{"securityGroupIds": endpointGroups},
			local:   []behaviour.Local{{Reads: []string{"serviceName", "vpcEndpointType"}, Check: checkService}},
		},
		typeLaunchTemplate: {outputs: makers{"latestVersion": nextVersion}},
		typeInstance: {outputs: makers{
			"availabilityZone": func(c *call) any { return get(c, typeSubnet, "subnetId").Text("availabilityZone") },
			"privateIp":        func(c *call) any { return freeAddress(c, get(c, typeSubnet, "subnetId")) },
		}},
	}
}

func isInterface(c *call) bool {
	return c.Text("vpcEndpointType") == interfaceEndpoint
}

// checkService requires a service of this region, and for a gateway S3 or DynamoDB.
func checkService(c *call) error {
	name := c.Text("serviceName")
	_, service, _ := strings.Cut(name, "."+c.Place.Region+".")
	ours := name == endpointName(c.Place.Region, service, c.Text("vpcEndpointType"))

	if !ours || !isInterface(c) && service != "s3" && service != "dynamodb" {
		return refuse("InvalidServiceName", "The Vpc Endpoint Service '%s' does not exist", name)
	}

	return nil
}

func endpointGroups(c *call) any {
	if !isInterface(c) {
		return []any{}
	}

	return defaultGroups(c, c.Text("vpcId"))
}

// nextVersion counts the updates that create a version: those of anything but names, tags and the default version
// (ec2/ec2_launch_template.go, updateKeys).
func nextVersion(c *call) any {
	old, exists := before(c)
	last, _ := old.Outputs["latestVersion"].(float64)

	content := func(inputs map[string]any) map[string]any {
		result := maps.Clone(inputs)
		for _, name := range []string{"__defaults", "name", "namePrefix", "tags", "defaultVersion", "updateDefaultVersion"} {
			delete(result, name)
		}

		return result
	}

	if exists && reflect.DeepEqual(content(old.Inputs), content(c.Resource.Inputs)) {
		return last
	}

	return last + 1
}
