package controls

import (
	"fmt"
	"slices"

	"github.com/msur/platform/rehearsal/state"
)

// rule is one rule of a security group, whichever resource it is written in.
type rule struct {
	resource state.Resource
	// at is where in the resource the rule is, such as "ingress[0]."; empty where the resource is the rule.
	at      string
	ingress bool
}

// property is the path of one of the rule's own.
func (r rule) property(name string) string { return r.at + name }

// ingress and egress are the directions of a rule.
const ingress, egress = "ingress", "egress"

func directions() []string { return []string{ingress, egress} }

// rules returns every security group rule of the environment.
func rules(s *state.State) []rule {
	var found []rule

	for _, r := range s.Resources {
		switch string(r.Type) {
		case "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule":
			found = append(found, rule{resource: r, at: "", ingress: true})
		case "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule":
			found = append(found, rule{resource: r, at: "", ingress: false})
		case "aws:ec2/securityGroupRule:SecurityGroupRule":
			found = append(found, rule{resource: r, at: "", ingress: text(r, "type") == ingress})
		case "aws:ec2/securityGroup:SecurityGroup":
			for _, direction := range directions() {
				for i := range list(r, direction) {
					at := fmt.Sprintf("%s[%d].", direction, i)
					found = append(found, rule{resource: r, at: at, ingress: direction == ingress})
				}
			}
		}
	}

	return found
}

// noOpenIngress is N5.
func noOpenIngress(environment Environment, v *verdict) {
	anywhere := []any{"0.0.0.0/0", "::/0"}

	for _, r := range rules(environment.State) {
		if !r.ingress {
			continue
		}

		for _, property := range []string{"cidrIpv4", "cidrIpv6"} {
			if value := input(r.resource, r.property(property)); value != nil {
				v.hold(r.resource, r.property(property), !slices.Contains(anywhere, value), "it lets anyone in")
			}
		}

		for _, property := range []string{"cidrBlocks", "ipv6CidrBlocks"} {
			for _, value := range list(r.resource, r.property(property)) {
				v.hold(r.resource, r.property(property), !slices.Contains(anywhere, value), "it lets anyone in")
			}
		}
	}
}

// describedRules is N6.
func describedRules(environment Environment, v *verdict) {
	for _, r := range rules(environment.State) {
		property := r.property("description")
		v.hold(r.resource, property, text(r.resource, property) != "", "nothing says what the rule is for")
	}
}
