package graphtest

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// ExistingVPC is the id of a VPC that the mocked account has, with a second range. Its public subnets have a route to
// an internet gateway, its private subnets to a NAT gateway, and its data subnets none.
const ExistingVPC = "vpc-0a1b2c3d4e5f60718"

// ExistingSubnet returns the id of a public, private or data subnet of ExistingVPC in a zone from a to c.
func ExistingSubnet(tier, zone string) string {
	return fmt.Sprintf("subnet-%016d%s", strings.Index("public private data", tier), zone)
}

// existingTables are the route tables of ExistingVPC by tier. The data subnets use the main one.
func existingTables() map[string]string {
	return map[string]string{"public": "rtb-1", "private": "rtb-2", "data": "rtb-3"}
}

// existing answers for ExistingVPC.
func existing() map[string]function {
	return map[string]function{
		"aws:ec2/getVpcs:getVpcs": inExisting(ExistingVPC),
		"aws:ec2/getVpc:getVpc": returns(map[string]any{
			"id": ExistingVPC, "cidrBlock": "10.64.0.0/16", "ownerId": AccountID, "enableDnsSupport": true,
			"enableDnsHostnames": true, "tags": map[string]any{"Name": "theirs"},
			"cidrBlockAssociations": []any{
				map[string]any{"cidrBlock": "10.64.0.0/16"}, map[string]any{"cidrBlock": "100.64.0.0/16"},
			},
		}),
		"aws:ec2/getSubnets:getSubnets":         inExisting(existingSubnets()...),
		"aws:ec2/getSubnet:getSubnet":           existingSubnet,
		"aws:ec2/getRouteTables:getRouteTables": returns(map[string]any{"ids": []any{"rtb-1", "rtb-2", "rtb-3"}}),
		"aws:ec2/getRouteTable:getRouteTable":   existingTable,
	}
}

// inExisting returns the ids to a filter by ExistingVPC, and none to any other.
func inExisting(ids ...any) function {
	return func(arguments resource.PropertyMap, region string) (map[string]any, error) {
		found := []any{}

		for _, filter := range property(arguments, "filters") {
			values := property(filter.ObjectValue(), "values")
			if len(values) == 1 && values[0].StringValue() == ExistingVPC {
				found = ids
			}
		}

		return map[string]any{"id": region, "ids": found, "tags": map[string]any{}}, nil
	}
}

func property(object resource.PropertyMap, name resource.PropertyKey) []resource.PropertyValue {
	if value := object[name]; value.IsArray() {
		return value.ArrayValue()
	}

	return nil
}

func existingSubnets() []any {
	var ids []any

	for tier := range existingTables() {
		for _, zone := range "abc" {
			ids = append(ids, ExistingSubnet(tier, string(zone)))
		}
	}

	return ids
}

// existingSubnet has its range, zone and addresses.
func existingSubnet(arguments resource.PropertyMap, region string) (map[string]any, error) {
	id := arguments["id"].StringValue()

	for i, tier := range []string{"public", "private", "data"} {
		for j, zone := range "abc" {
			if id == ExistingSubnet(tier, string(zone)) {
				return map[string]any{
					"id": id, "vpcId": ExistingVPC, "availabilityZone": region + string(zone),
					"availabilityZoneId": fmt.Sprintf("use1-az%d", []int{6, 1, 2}[j]), "availableIpAddressCount": 251,
					"cidrBlock": fmt.Sprintf("10.64.%d.0/24", 10*i+j),
				}, nil
			}
		}
	}

	return nil, errNotFound
}

func existingTable(arguments resource.PropertyMap, _ string) (map[string]any, error) {
	id := arguments["routeTableId"].StringValue()
	table := map[string]any{"id": id, "routes": []any{map[string]any{"cidrBlock": "10.64.0.0/16", "gatewayId": "local"}}}

	for tier, target := range map[string]map[string]any{
		"public":  {"cidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
		"private": {"cidrBlock": "0.0.0.0/0", "natGatewayId": "nat-1"},
	} {
		if id != existingTables()[tier] {
			continue
		}

		var associations []any
		for _, zone := range "abc" {
			associations = append(associations, map[string]any{"subnetId": ExistingSubnet(tier, string(zone))})
		}

		table["routes"], table["associations"] = []any{target}, associations
	}

	if id == existingTables()["data"] {
		table["associations"] = []any{map[string]any{"main": true}}
	}

	return table, nil
}
