// Package controls is the score card: each row a control with its published source, and a function that
// looks in a stack's state for the properties that satisfy it.
package controls

import (
	"time"

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
	// OpenAPI environments may let anybody on the internet talk to their API server.
	OpenAPI bool
	// Now is when the environment is looked at: support of a Kubernetes version ends.
	Now time.Time
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
		{"K1", "The API server is private, or open to listed ranges", "EKS.1, CIS 5.4.1-2, AWS-0040/0041", apiEndpoint},
		{"K2", "Kubernetes is in standard support", "EKS.2, CKV_AWS_339", standardSupport},
		{"K3", "The control plane logs everything, kept for a set time", "EKS.8, CIS 2.1.1-2, AWS-0038", controlPlaneLogs},
		{"K4", "Secrets are encrypted with a key of our own", "CIS 5.3.1, CKV_AWS_58, AWS-0039", encryptedSecrets},
		{"K5", "Access is by entries, and nobody's by birth", "CIS 4.1.7", accessByEntries},
		{"K6", "Each workload has a role of its own", "CIS 5.2.1", workloadRoles},
		{"K7", "Network policies are enforced", "CIS 4.3.1", networkPolicies},
		{"W1", "Nodes are private, and nobody logs in to them", "CIS 5.4.3, EC2.25", privateNodes},
		{"W2", "A node's metadata is for the node alone", "EC2.8/170, AWS-0130", metadata},
		{"W3", "Nodes' disks are encrypted", "EC2.181, AWS-0008/0131", encryptedDisks},
		{"W4", "Nodes are spread over zones, spot ones over types", "AutoScaling.2/6", spreadNodes},
		{"W5", "Nodes may do what nodes do, and nothing else", "BPG iam", nodeRoles},
		{"W6", "Nodes run an image that AWS still makes", "-", nodeImages},
		{"A3", "Keys rotate and have an explicit, private policy", "KMS.3/5, AWS-0065, CKV2_AWS_64", keys},
	}
}
