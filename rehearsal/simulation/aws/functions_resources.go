package aws

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// ids answers with the ids of the resources that have the tags and pass the filters, which are vpc-id and those of the
// form tag:<key>.
func ids(token string) func(query) (map[string]any, error) {
	return func(q query) (map[string]any, error) {
		wanted, err := q.filters()
		if err != nil {
			return nil, err
		}

		found := slices.DeleteFunc(q.held(token), func(r account.Resource) bool {
			for name, values := range wanted {
				if !slices.Contains(values, attribute(r, name)) {
					return true
				}
			}

			return false
		})

		return map[string]any{"ids": identifiers(found)}, nil
	}
}

const (
	tagFilter = "tag:"
	vpcFilter = "vpc-id"
)

// filters are the values that each attribute may have.
func (q query) filters() (map[string][]string, error) {
	wanted := map[string][]string{}

	tags, _ := q.arguments["tags"].(map[string]any)
	for key, value := range tags {
		wanted[tagFilter+key] = []string{fmt.Sprint(value)}
	}

	for _, filter := range property.At(q.arguments, "filters") {
		object, _ := filter.(map[string]any)

		name := fmt.Sprint(object["name"])
		if name != vpcFilter && !strings.HasPrefix(name, tagFilter) {
			return nil, fmt.Errorf("filter %q is not simulated; simulated: %s and %s<key>", name, vpcFilter, tagFilter)
		}

		wanted[name] = property.Texts(object, "values")
	}

	return wanted, nil
}

// attribute is the value that a filter compares.
func attribute(r account.Resource, filter string) string {
	key, isTag := strings.CutPrefix(filter, tagFilter)

	switch {
	case isTag:
		tags, _ := r.Outputs["tags"].(map[string]any)
		value, _ := tags[key].(string)

		return value
	case r.Type == typeVPC:
		return r.ID
	default:
		return r.Text("vpcId")
	}
}

// one answers with the resource whose id is an argument, as far as the function has its outputs.
func one(token, title, argument string) func(query) (map[string]any, error) {
	return func(q query) (map[string]any, error) {
		found, exists := q.account.Get(account.Key{Type: token, ID: q.text(argument), Region: q.configuration.region})
		if !exists {
			return nil, fmt.Errorf("reading %s: no matching %s found", title, title)
		}

		answer := property.Merge(q.counted(found), found.Outputs)
		maps.DeleteFunc(answer, func(name string, _ any) bool { return !slices.Contains(q.outputs, name) })

		return answer, nil
	}
}

// counted are the outputs of a function that the resource does not have.
func (q query) counted(r account.Resource) map[string]any {
	switch r.Type {
	case typeVPC:
		return map[string]any{"cidrBlockAssociations": []any{map[string]any{"cidrBlock": r.Text("cidrBlock")}}}
	case typeSubnet:
		return map[string]any{"availableIpAddressCount": q.freeAddresses(r)}
	default:
		return nil
	}
}

// freeAddresses is the number of a subnet's addresses that AWS does not reserve and that no gateway or instance has.
func (q query) freeAddresses(subnet account.Resource) int {
	const reserved = 5

	block, err := netip.ParsePrefix(subnet.Text("cidrBlock"))
	if err != nil {
		return 0
	}

	free := 1<<(block.Addr().BitLen()-block.Bits()) - reserved

	for _, user := range append(q.held(typeNATGateway), q.held(typeInstance)...) {
		if user.Text("subnetId") == subnet.ID {
			free--
		}
	}

	return free
}

// routeTables answers with the ids of a VPC's tables.
func (q query) routeTables() (map[string]any, error) {
	tables := slices.DeleteFunc(q.held(typeRouteTable), func(table account.Resource) bool {
		return table.Text("vpcId") != q.text("vpcId")
	})

	return map[string]any{"ids": identifiers(tables)}, nil
}

// routeTable answers with the routes of a table, and the subnets that use it.
func (q query) routeTable() (map[string]any, error) {
	answer, err := one(typeRouteTable, "EC2 Route Table", "routeTableId")(q)
	if err != nil {
		return nil, err
	}

	id, routes, associations := q.text("routeTableId"), []any{}, []any{}

	for _, route := range q.held(typeRoute) {
		if route.Text("routeTableId") == id {
			routes = append(routes, map[string]any{
				"cidrBlock": route.Text("destinationCidrBlock"), "gatewayId": route.Text("gatewayId"),
				"natGatewayId": route.Text("natGatewayId"),
			})
		}
	}

	for _, association := range q.held(typeRouteTableAssociation) {
		if association.Text("routeTableId") == id {
			associations = append(associations, map[string]any{"subnetId": association.Text("subnetId"), "main": false})
		}
	}

	for _, network := range q.held(typeVPC) {
		if network.Text("mainRouteTableId") == id {
			associations = append(associations, map[string]any{"subnetId": "", "main": true})
		}
	}

	answer["id"], answer["routes"], answer["associations"] = id, routes, associations

	return answer, nil
}
