package aws

import (
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeVPC             = "aws:ec2/vpc:Vpc"
	typeSubnet          = "aws:ec2/subnet:Subnet"
	typeInternetGateway = "aws:ec2/internetGateway:InternetGateway"
)

// tagsAll repeats the tags, into which Check has merged the provider's.
func tagsAll() behaviour.Output {
	return behaviour.Same("tagsAll", "tags")
}

// owner is the account.
func owner() behaviour.Output {
	return behaviour.Format("ownerId", "{account}")
}

// ec2ARN is the output arn of an EC2 resource.
func ec2ARN(kind string) behaviour.Output {
	return behaviour.Format("arn", "arn:{partition}:ec2:{region}:{account}:"+kind+"/{id}")
}

// inVPC is a property that names the VPC the resource is in, and thereby keeps it.
func inVPC() behaviour.Reference {
	return behaviour.Reference{Property: "vpcId", Types: []string{typeVPC}}
}

func networkKinds() []behaviour.Kind {
	return []behaviour.Kind{vpc(), subnet(), internetGateway()}
}

func vpc() behaviour.Kind {
	return behaviour.Kind{
		Type: typeVPC, Title: "EC2 VPC", Service: "EC2",
		Verbs: behaviour.Verbs{Create: "CreateVpc", Update: "ModifyVpcAttribute", Delete: "DeleteVpc"},
		ID:    behaviour.Hex("vpc-"),
		Defaults: map[string]any{
			"enableDnsSupport": true, "instanceTenancy": "default", "assignGeneratedIpv6CidrBlock": false,
		},
		Computed: []behaviour.Output{
			ec2ARN("vpc"), owner(), tagsAll(),
			behaviour.Constant("enableDnsHostnames", false),
			behaviour.Constant("enableNetworkAddressUsageMetrics", false),
			behaviour.Fresh("defaultNetworkAclId", "acl-"),
			behaviour.Fresh("defaultSecurityGroupId", "sg-"),
			behaviour.Fresh("mainRouteTableId", "rtb-"),
			behaviour.Format("defaultRouteTableId", "{mainRouteTableId}"),
			behaviour.Fresh("dhcpOptionsId", "dopt-"),
			behaviour.Constant("ipv6AssociationId", ""),
			behaviour.Constant("ipv6CidrBlock", ""),
			behaviour.Constant("ipv6CidrBlockNetworkBorderGroup", ""),
		},
		ForceNew: []string{"cidrBlock", "instanceTenancy", "ipv4IpamPoolId", "ipv4NetmaskLength"},
		Checks:   []func(*behaviour.Call) error{checkVPCRange},
		Created:  fillVPC,
		Missing:  missing("InvalidVpcID.NotFound", "The vpc ID '%s' does not exist"),
		InUse:    inUse("DependencyViolation", "The vpc '%s' has dependencies and cannot be deleted."),
	}
}

// fillVPC makes what AWS makes with each VPC and deletes with it: the main route
// table and the default security group, which lets in its own members and all out.
func fillVPC(c *behaviour.Call) error {
	parts := []struct {
		kind    behaviour.Kind
		id      string
		outputs map[string]any
	}{
		{routeTable(), c.Resource.Text("mainRouteTableId"), map[string]any{"routes": []any{}}},
		{defaultSecurityGroup(), c.Resource.Text("defaultSecurityGroupId"), map[string]any{
			"name": "default", "description": "default VPC security group",
			"ingress": []any{map[string]any{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": true}},
			"egress": []any{map[string]any{
				"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": []string{"0.0.0.0/0"},
			}},
		}},
	}
	for _, part := range parts {
		part.outputs["vpcId"] = c.Resource.ID
		c.Own(part.kind, part.id, map[string]any{"vpcId": c.Resource.ID}, part.outputs)
	}

	return nil
}

func subnet() behaviour.Kind {
	return behaviour.Kind{
		Type: typeSubnet, Title: "EC2 Subnet", Service: "EC2",
		Verbs: behaviour.Verbs{Create: "CreateSubnet", Update: "ModifySubnetAttribute", Delete: "DeleteSubnet"},
		ID:    behaviour.Hex("subnet-"),
		Defaults: map[string]any{
			"assignIpv6AddressOnCreation": false, "enableDns64": false, "ipv6Native": false, "mapPublicIpOnLaunch": false,
			"enableResourceNameDnsARecordOnLaunch": false, "enableResourceNameDnsAaaaRecordOnLaunch": false,
		},
		Computed: []behaviour.Output{
			ec2ARN("subnet"), owner(), tagsAll(),
			{Name: "availabilityZone", Make: func(c *behaviour.Call) any { return zoneOf(c).name }},
			{Name: "availabilityZoneId", Make: func(c *behaviour.Call) any { return zoneOf(c).id }},
			behaviour.Constant("privateDnsHostnameTypeOnLaunch", "ip-name"),
			behaviour.Constant("ipv6CidrBlockAssociationId", ""),
		},
		ForceNew:   []string{"availabilityZone", "availabilityZoneId", "cidrBlock", "ipv6Native", "outpostArn", "vpcId"},
		References: []behaviour.Reference{inVPC()},
		Checks:     []func(*behaviour.Call) error{checkZone, checkSubnetRange},
		Guards:     []func(*behaviour.Call) error{databaseSubnets().guard, cacheSubnets().guard},
		Missing:    missing("InvalidSubnetID.NotFound", "The subnet ID '%s' does not exist"),
		InUse:      inUse("DependencyViolation", "The subnet '%s' has dependencies and cannot be deleted."),
	}
}

func internetGateway() behaviour.Kind {
	return behaviour.Kind{
		Type: typeInternetGateway, Title: "EC2 Internet Gateway", Service: "EC2",
		Verbs: behaviour.Verbs{
			Create: "CreateInternetGateway", Update: "AttachInternetGateway", Delete: "DetachInternetGateway",
		},
		ID:         behaviour.Hex("igw-"),
		Computed:   []behaviour.Output{ec2ARN("internet-gateway"), owner(), tagsAll(), behaviour.Constant("vpcId", "")},
		References: []behaviour.Reference{inVPC()},
		Unique: []behaviour.Unique{{
			Properties: []string{"vpcId"},
			Taken: func(c *behaviour.Call, _ account.Resource) error {
				return refuse("Resource.AlreadyAssociated",
					"resource %s is already attached to an internet gateway", c.Text("vpcId"))
			},
		}},
		Checks:  []func(*behaviour.Call) error{checkDetachable},
		Guards:  []func(*behaviour.Call) error{guardMappedAddresses},
		Missing: missing("InvalidInternetGatewayID.NotFound", "The internetGateway ID '%s' does not exist"),
		InUse:   inUse("DependencyViolation", "The internetGateway '%s' has dependencies and cannot be deleted."),
	}
}

// checkDetachable guards a gateway that moves to another VPC: it leaves its old one.
func checkDetachable(c *behaviour.Call) error {
	before, exists := c.Tx.Get(c.Resource.Key)
	if !exists || before.Text("vpcId") == c.Text("vpcId") {
		return nil
	}

	return refuseMapped(c, before.Text("vpcId"))
}

// guardMappedAddresses guards a gateway that is to be deleted.
func guardMappedAddresses(c *behaviour.Call) error {
	return refuseMapped(c, c.Text("vpcId"))
}

// refuseMapped keeps a gateway in a VPC whose public NAT gateways, or load balancers that
// face the internet, need it.
func refuseMapped(c *behaviour.Call, network string) error {
	mapped := slices.ContainsFunc(c.Siblings(typeNATGateway), func(nat account.Resource) bool {
		subnet, _ := c.Get(typeSubnet, nat.Text("subnetId"))

		return nat.Text("publicIp") != "" && subnet.Text("vpcId") == network
	})
	faced := slices.ContainsFunc(c.Siblings(typeLoadBalancer), func(balancer account.Resource) bool {
		return balancer.Outputs["internal"] != true && balancer.Text("vpcId") == network
	})

	if !mapped && !faced {
		return nil
	}

	return refuse("DependencyViolation",
		"Network %s has some mapped public address(es). "+
			"Please unmap those public address(es) before detaching the gateway.",
		network)
}
