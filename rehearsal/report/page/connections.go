package page

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// connect draws the connections that security groups allow between what the picture shows, and lists all of them.
func (d *drawing) connect() {
	owners := d.owners()
	ports := make(map[[2]string][]string)

	for _, rule := range d.all(typeIngress) {
		if d.marks[rule.URN].Word == "delete" && d.report.Operation != "destroy" {
			continue // no longer allowed; a destroy shows the platform before it
		}

		to := owners[first(rule.References["securityGroupId"])]
		from := owners[first(rule.References["referencedSecurityGroupId"])]

		if from == "" {
			from = cmp.Or(text(rule, "cidrIpv4"), text(rule, "cidrIpv6"), "another group")
		}

		port := fmt.Sprint(rule.Properties["fromPort"])
		if last := fmt.Sprint(rule.Properties["toPort"]); last != port {
			port += "–" + last
		}

		if rule.Properties["fromPort"] == nil {
			port = "all"
		}

		pair := [2]string{from, cmp.Or(to, "another group")}
		ports[pair] = append(ports[pair], port)
	}

	pairs := slices.SortedFunc(maps.Keys(ports), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	for _, pair := range pairs {
		slices.Sort(ports[pair])
		d.Allowed = append(d.Allowed, allowed{pair[0], pair[1], strings.Join(slices.Compact(ports[pair]), ", ")})
	}

	d.arrows()
}

// owners returns what carries each security group.
func (d *drawing) owners() map[resource.URN]string {
	owners := make(map[resource.URN]string)

	for _, carried := range []struct{ resourceType, property, owner string }{
		{typeBalancer, "securityGroups", "load balancer"},
		{typeTemplate, "vpcSecurityGroupIds", "nodes"},
		{typeDatabase, "vpcSecurityGroupIds", "MySQL"},
		{typeCache, "securityGroupIds", "Valkey"},
	} {
		for _, carrier := range d.all(carried.resourceType) {
			for _, group := range carrier.References[carried.property] {
				if group.Type() == typeGroup && (owners[group] == "" || carried.owner != "nodes") {
					owners[group] = carried.owner
				}
			}
		}
	}

	return owners
}

// arrows draws the connections between neighbouring tiers. They pass on the right of a column, beside the gateway and
// the titles, and their labels are between the tiers.
func (d *drawing) arrows() {
	const above = 9

	right := func(zone int) int { return d.column(zone) + d.width()*4/5 }
	last := len(d.zones) - 1

	for _, connection := range d.Allowed {
		add := func(x, from, to, label int) {
			d.Arrows = append(d.Arrows, arrow{x, from, to, label - above, connection.Ports})
		}

		switch [2]string{connection.From, connection.To} {
		case [2]string{"0.0.0.0/0", "load balancer"}:
			d.Internet = right(last)
			add(d.Internet, vpcTop-24, tierPublic+marginOfTheTier-4, vpcTop)
		case [2]string{"load balancer", "nodes"}:
			for i := range d.zones {
				add(right(i), tierPublic+marginOfTheTier+heightBar-6, tierPrivate+marginOfTheTier, tierPrivate)
			}
		case [2]string{"nodes", "MySQL"}:
			add(min(right(0), left+columns*2/5), tierPrivate+heightPrivate-8, tierData+marginOfTheTier+6, tierData)
		case [2]string{"nodes", "Valkey"}:
			add(right(last), tierPrivate+heightPrivate-8, tierData+marginOfTheTier+6, tierData)
		}
	}
}
