package aws

import (
	"fmt"
	"hash/crc32"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeRouteTable            = "aws:ec2/routeTable:RouteTable"
	typeRoute                 = "aws:ec2/route:Route"
	typeRouteTableAssociation = "aws:ec2/routeTableAssociation:RouteTableAssociation"
)

func routeKinds() []behaviour.Kind {
	return []behaviour.Kind{routeTable(), route(), routeTableAssociation()}
}

func routeTable() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRouteTable, Title: "EC2 Route Table", Service: "EC2",
		Verbs: behaviour.Verbs{Create: "CreateRouteTable", Update: "ReplaceRoute", Delete: "DeleteRouteTable"},
		ID:    behaviour.Hex("rtb-"),
		Computed: []behaviour.Output{
			ec2ARN("route-table"), owner(), tagsAll(),
			behaviour.Constant("propagatingVgws", []any{}), behaviour.Constant("routes", []any{}),
		},
		ForceNew: []string{"vpcId"},
		Sets:     []string{"propagatingVgws", "routes"},
		References: []behaviour.Reference{
			inVPC(),
			{Property: "routes.gatewayId", Types: []string{typeInternetGateway}, OnDelete: behaviour.Ignore, Skip: isLocal},
			{Property: "routes.natGatewayId", Types: []string{typeNATGateway}, OnDelete: behaviour.Ignore},
			{Property: "routes.vpcEndpointId", Types: []string{typeVPCEndpoint}, OnDelete: behaviour.Ignore},
		},
		Missing: missing("InvalidRouteTableID.NotFound", "The routeTable ID '%s' does not exist"),
		InUse:   inUse("DependencyViolation", "The routeTable '%s' has dependencies and cannot be deleted."),
	}
}

// route is deleted with its table. What it leads to can go before it: then it is
// a black hole, as on AWS.
func route() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRoute, Title: "EC2 Route", Service: "EC2",
		Verbs: behaviour.Verbs{Create: "CreateRoute", Update: "ReplaceRoute", Delete: "DeleteRoute"},
		ID:    routeID,
		Computed: []behaviour.Output{
			behaviour.Constant("instanceId", ""), behaviour.Constant("instanceOwnerId", ""),
			behaviour.Constant("networkInterfaceId", ""),
			behaviour.Constant("origin", "CreateRoute"), behaviour.Constant("state", "active"),
		},
		ForceNew: append(destinations(), "routeTableId"),
		References: []behaviour.Reference{
			{Property: "routeTableId", Types: []string{typeRouteTable}, OnDelete: behaviour.Cascade},
			{Property: "gatewayId", Types: []string{typeInternetGateway}, OnDelete: behaviour.Ignore, Skip: isLocal},
			{
				Property: "natGatewayId", Types: []string{typeNATGateway}, OnDelete: behaviour.Ignore,
				Missing: missing("InvalidNatGatewayID.NotFound", "The natGateway ID '%s' does not exist"),
			},
			{Property: "vpcEndpointId", Types: []string{typeVPCEndpoint}, OnDelete: behaviour.Ignore},
		},
		Unique: []behaviour.Unique{
			oneRoute("destinationCidrBlock"), oneRoute("destinationIpv6CidrBlock"), oneRoute("destinationPrefixListId"),
		},
		Checks:  []func(*behaviour.Call) error{checkRoute},
		Missing: missing("InvalidRoute.NotFound", "no route with destination-cidr-block in route table: %s"),
	}
}

// destinations are the properties that say which traffic a route is for.
func destinations() []string {
	return []string{"destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"}
}

// targetNames are the properties that say where a route leads.
func targetNames() []string {
	return []string{
		"carrierGatewayId", "coreNetworkArn", "egressOnlyGatewayId", "gatewayId", "localGatewayId", "natGatewayId",
		"networkInterfaceId", "transitGatewayId", "vpcEndpointId", "vpcPeeringConnectionId",
	}
}

func oneRoute(destination string) behaviour.Unique {
	return behaviour.Unique{
		Properties: []string{"routeTableId", destination},
		Taken:      taken("RouteAlreadyExists", "The route identified by %s already exists.", destination),
	}
}

// checkRoute wants one destination and one target, which is in the table's VPC.
func checkRoute(c *behaviour.Call) error {
	if given(c, destinations()) != 1 {
		return refuse("MissingParameter", "The request must contain exactly one of %s", strings.Join(destinations(), ", "))
	}

	if given(c, targetNames()) != 1 {
		return refuse("MissingParameter", "The request must contain exactly one of %s", strings.Join(targetNames(), ", "))
	}

	table, _ := c.Get(typeRouteTable, c.Text("routeTableId"))

	gateway, exists := c.Get(typeInternetGateway, c.Text("gatewayId"))
	if exists && gateway.Text("vpcId") != table.Text("vpcId") {
		return refuse("InvalidParameterValue", "route table %s and network gateway %s belong to different networks",
			table.ID, gateway.ID)
	}

	return nil
}

func given(c *behaviour.Call, names []string) int {
	count := 0
	for _, name := range names {
		count += len(c.Texts(name))
	}

	return count
}

// routeID is made by the provider and not by AWS: the table and a hash of the destination.
func routeID(c *behaviour.Call) (string, error) {
	hash := crc32.NewIEEE()
	for _, name := range destinations() {
		_, _ = hash.Write([]byte(c.Text(name))) // a hash takes everything
	}

	return fmt.Sprintf("r-%s%d", c.Text("routeTableId"), hash.Sum32()), nil
}

func isLocal(target string) bool {
	return target == "local" || strings.HasPrefix(target, "vgw-")
}

func routeTableAssociation() behaviour.Kind {
	return behaviour.Kind{
		Type: typeRouteTableAssociation, Title: "EC2 Route Table Association", Service: "EC2",
		Verbs: behaviour.Verbs{
			Create: "AssociateRouteTable", Update: "ReplaceRouteTableAssociation", Delete: "DisassociateRouteTable",
		},
		ID:       behaviour.Hex("rtbassoc-"),
		ForceNew: []string{"gatewayId", "subnetId"},
		References: []behaviour.Reference{
			{Property: "routeTableId", Types: []string{typeRouteTable}},
			{Property: "subnetId", Types: []string{typeSubnet}, OnDelete: behaviour.Cascade},
			{Property: "gatewayId", Types: []string{typeInternetGateway}, OnDelete: behaviour.Cascade},
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"subnetId"},
			Taken: func(_ *behaviour.Call, other account.Resource) error {
				return refuse("Resource.AlreadyAssociated",
					"the specified association for route table %s conflicts with an existing association", other.Text("routeTableId"))
			},
		}},
		Missing: missing("InvalidAssociationID.NotFound", "The association ID '%s' does not exist"),
	}
}
