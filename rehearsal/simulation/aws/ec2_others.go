package aws

import (
	"maps"
	"reflect"

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
			outputs: makers{
				"securityGroupIds":    endpointGroups,
				"cidrBlocks":          serviceRanges,
				"prefixListId":        prefixList,
				"networkInterfaceIds": endpointInterfaces,
				"dnsEntries":          endpointNames,
			},
			local: []behaviour.Local{{Reads: []string{"serviceName", "vpcEndpointType"}, Check: checkService}},
		},
		typeLaunchTemplate: {outputs: makers{"latestVersion": nextVersion, "defaultVersion": defaultVersion}},
		typeInstance: {outputs: makers{
			"availabilityZone": func(c *call) any { return get(c, typeSubnet, "subnetId").Text("availabilityZone") },
			"privateIp":        func(c *call) any { return freeAddress(c, get(c, typeSubnet, "subnetId")) },
			"privateDns":       func(c *call) any { return privateName(c, c.Text("privateIp")) },
		}},
	}
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

// defaultVersion is the first, until the program makes the latest one the default.
func defaultVersion(c *call) any {
	if old, exists := before(c); exists && !c.True("updateDefaultVersion") {
		return old.Outputs["defaultVersion"]
	}

	return c.Resource.Outputs["latestVersion"]
}
