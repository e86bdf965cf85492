// Package controls is the score card: each row a control with its published source, and a function that
// looks in a stack's state for the properties that satisfy it.
package controls

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/state"
)

// Result is how a control stands.
type Result string

// The results. NotApplicable is not Pass: there is nothing that the control could hold for.
const (
	Pass          Result = "pass"
	Fail          Result = "fail"
	NotApplicable Result = "notApplicable"
)

// Evidence is a property that a result rests on.
type Evidence struct {
	URN      resource.URN `json:"urn"`
	Property string       `json:"property"`
}

// Finding is how one control stands in one environment.
type Finding struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Source string `json:"source"`
	Result Result `json:"result"`
	// Evidence are the properties that fail, or where none does, those that pass.
	Evidence []Evidence `json:"evidence"`
	// Reason says what fails; empty where nothing does.
	Reason string `json:"reason"`
}

// Environment is what controls are checked against.
type Environment struct {
	State *state.State
	// HighlyAvailable environments must survive the loss of a zone.
	HighlyAvailable bool
	// Others are the states of the other environments.
	Others []*state.State
}

// control is one row of the score card.
type control struct {
	id, title, source string
	check             func(Environment, *verdict)
}

// Check finds how every control stands.
func Check(environment Environment) []Finding {
	var findings []Finding

	for _, c := range rows() {
		v := &verdict{}
		c.check(environment, v)
		findings = append(findings, v.finding(c))
	}

	return findings
}

// rows are all controls, in the order of the score card.
func rows() []control {
	return []control{
		{"N1", "Flow logs on the VPC, kept for a set time", "EC2.6, CKV2_AWS_11, AWS-0178", flowLogs},
		{"N2", "The default security group has no rules", "EC2.2, CKV2_AWS_12, AWS-0173", defaultGroup},
		{"N3", "No subnet maps public addresses", "EC2.15, CKV_AWS_130", noPublicAddresses},
		{"N4", "S3 is reached through a gateway endpoint", "EC2.10/55/56/57", gatewayEndpoint},
		{"N5", "No ingress from anywhere", "EC2.18/19/21, AWS-0105/0107", noOpenIngress},
		{"N6", "Every security group rule has a description", "CKV_AWS_23, AWS-0124", describedRules},
		{"N7", "Two zones or more; NAT in each where highly available", "BPG networking", zones},
		{"N8", "Subnets carry the load balancer role tags", "BPG load balancing", roleTags},
		{"N9", "No range overlaps another, nor another environment's", "-", disjointRanges},
		{"A3", "Keys rotate and have an explicit, private policy", "KMS.3/5, AWS-0065, CKV2_AWS_64", keys},
	}
}
