package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/report"
)

const (
	internet  = "the internet"
	nodes     = "nodes"
	apiServer = "API server"
	balancer  = "load balancer"
	titleNAT  = "NAT gateway"
)

// connect lists the connections that security groups and the API server's endpoint allow, and draws those between what
// the picture shows.
func (d *drawing) connect() {
	ports := make(map[allowed][]string)

	for _, rule := range slices.Concat(d.all(typeIngress), d.all(typeEgress), d.all(typeRule)) {
		if d.marks[rule.URN].Word == "delete" && d.report.Operation != "destroy" {
			continue // no longer allowed; a destroy shows the platform before it
		}

		pair := d.pair(rule)
		ports[pair] = append(ports[pair], port(rule))
	}

	for _, cluster := range d.all(typeCluster) {
		access, _ := cluster.Properties["vpcConfig"].(map[string]any)
		ranges, _ := access["publicAccessCidrs"].([]any)

		for _, from := range ranges {
			if access["endpointPublicAccess"] != false {
				ports[allowed{From: place(fmt.Sprint(from)), To: apiServer}] = []string{"443"}
			}
		}

		// The group that EKS makes is on all of them (EKS User Guide, Security group requirements).
		for _, pair := range []allowed{
			{From: nodes, To: nodes}, {From: nodes, To: apiServer}, {From: apiServer, To: nodes}, {From: nodes, To: internet},
		} {
			ports[pair] = []string{"all"}
		}
	}

	for pair, allowing := range ports {
		slices.Sort(allowing)
		pair.Ports = strings.Join(slices.Compact(allowing), ", ")
		d.Allowed = append(d.Allowed, pair)
	}

	slices.SortFunc(d.Allowed, func(a, b allowed) int {
		return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})

	d.arrows()
}

// pair returns between what a rule allows connections.
func (d *drawing) pair(rule report.Resource) allowed {
	owners := d.owners()
	owner := func(property string) string {
		for _, group := range rule.References[property] {
			if group.Type() == typeGroup {
				return cmp.Or(owners[group], "the group "+group.Name())
			}
		}

		return ""
	}

	this := cmp.Or(owner("securityGroupId"), "another group")
	other := cmp.Or(owner("referencedSecurityGroupId"), owner("sourceSecurityGroupId"),
		place(cmp.Or(text(rule, "cidrIpv4"), text(rule, "cidrIpv6"), list(rule.Properties["cidrBlocks"]))))

	if rule.Properties["self"] == true {
		other = this
	}

	if rule.Type == typeEgress || rule.Properties["type"] == "egress" {
		return allowed{From: this, To: cmp.Or(other, "another group")}
	}

	return allowed{From: cmp.Or(other, "another group"), To: this}
}

// place returns what people call a range.
func place(cidr string) string {
	if cidr == "0.0.0.0/0" || cidr == "::/0" {
		return internet
	}

	return cidr
}

// port returns the ports of a rule.
func port(rule report.Resource) string {
	from, to := rule.Properties["fromPort"], rule.Properties["toPort"]

	switch {
	case from == nil, text(rule, "protocol") == "-1":
		return "all"
	case from == to:
		return fmt.Sprint(from)
	default:
		return fmt.Sprintf("%v–%v", from, to)
	}
}

// owners returns what carries each security group. The cluster's own groups are the API server's and the nodes'.
func (d *drawing) owners() map[resource.URN]string {
	owners := make(map[resource.URN]string)

	for _, carried := range []struct{ resourceType, property, owner string }{
		{typeBalancer, "securityGroups", balancer},
		{typeTemplate, "vpcSecurityGroupIds", nodes},
		{typeCluster, "vpcConfig", apiServer},
		{typeDatabase, "vpcSecurityGroupIds", "MySQL"},
		{typeCache, "securityGroupIds", "Valkey"},
	} {
		for _, carrier := range d.all(carried.resourceType) {
			for _, group := range carrier.References[carried.property] {
				if group.Type() == typeGroup && (owners[group] == "" || carried.owner != nodes) {
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
	const above, head = 9, -9

	right := func(zone int) int { return d.column(zone) + d.width()*4/5 }
	last := len(d.zones) - 1

	for _, connection := range d.Allowed {
		add := func(x, from, to, label int) {
			d.Arrows = append(d.Arrows, arrow{x, from, to, label - above, head, connection.Ports})
		}

		switch [2]string{connection.From, connection.To} {
		case [2]string{internet, balancer}:
			d.Internet = right(last)
			add(d.Internet, vpcTop-44, topOfBalancer, vpcTop)
		case [2]string{balancer, nodes}:
			for i := range d.zones {
				add(right(i), topOfBalancer+heightBar-2, tierPrivate+marginOfTheTier, tierPrivate)
			}
		case [2]string{nodes, "MySQL"}:
			add(min(right(0), left+columns*2/5), tierPrivate+heightPrivate-8, tierData+marginOfTheTier+6, tierData)
		case [2]string{nodes, "Valkey"}:
			add(right(last), tierPrivate+heightPrivate-8, tierData+marginOfTheTier+6, tierData)
		}
	}

	for _, b := range d.Boxes {
		if b.Title == titleNAT {
			d.Arrows = append(d.Arrows, arrow{X: b.X + b.W - inset, Y1: b.Y, Y2: vpcTop + inset/2, Head: -head})
		}
	}
}
