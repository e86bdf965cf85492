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

// The results. NotApplicable is not Pass: there is nothing that the control could hold for. Nor is Exception: the
// control does not hold, and the environment says that it need not.
const (
	Pass          Result = "pass"
	Fail          Result = "fail"
	Exception     Result = "exception"
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
	// Evidence are the properties that fail, or else those that are excepted, or else those that pass.
	Evidence []Evidence `json:"evidence"`
	// Reason says what fails, or why it need not hold, or why there is nothing to hold; empty where it does.
	Reason string `json:"reason"`
}

// Environment is what controls are checked against.
type Environment struct {
	State *state.State
	// HighlyAvailable environments must survive the loss of a zone.
	HighlyAvailable bool
	// KeepsData environments leave their data behind when they are deleted.
	KeepsData bool
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
		{"N5", "No ingress from anywhere but to a load balancer's 80 and 443", "EC2.18/19/21, AWS-0105/0107", noOpenIngress},
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
		{"D0", "The database has memory for IAM logins, and no paid extended support", "RDS User Guide", loginMemory},
		{"D1", "The database is private, and nodes alone reach it", "RDS.2, AWS-0180; RDS.18", privateDatabase},
		{"D2", "The database is encrypted with a key of our own", "RDS.3, AWS-0080", encryptedDatabase},
		{"D3", "The database has a standby where highly available", "RDS.5", spareDatabase},
		{"D4", "Data that is to be kept is", "RDS.8, AWS-0177", keptData},
		{"D5", "The database can go back a week", "RDS.11, AWS-0077", backedUp},
		{"D6", "The database is upgraded, logged and watched", "RDS.13/17, RDS.9/6", tendedDatabase},
		{"D7", "Nobody's password is in the state", "SecretsManager.1, CKV2_AWS_57, RDS.10/CKV_AWS_161", noPasswords},
		{"D8", "Connections to the database are encrypted", "CKV2_AWS_69", encryptedConnections},
		{"D9", "The cache is encrypted, and lets in users by IAM", "ElastiCache.1-7, AWS-0045/0050/0051", guardedCache},
		{"L1", "The load balancer is in every zone", "ELB.13", spreadBalancer},
		{"L2", "TLS has a current policy", "ELB.17/18, CKV_AWS_103", currentTLS},
		{"L3", "No load balancer outlives the environment", "-", ownedBalancer},
		{"O4", "Failed IAM logins are logged", "RDS.36/40, BPG logs", loginLogs},
		{
			"A1", "No *:*, no service-wide wildcards, no way to more power",
			"IAM.1/21, CKV_AWS_62/63/286-290/355, AWS-0057", leastPower,
		},
		{"A2", "No keys that last: workflows by OIDC, each role for its own", "-", trustedWorkflows},
		{"A3", "Keys rotate and have an explicit, private policy", "KMS.3/5, AWS-0065, CKV2_AWS_64", keys},
		{"A4", "Images are scanned as they are pushed, and no name moves", "ECR.1-3", registries},
		{"A5", "States are versioned, encrypted, private, for TLS alone, and kept", "-", stateBuckets},
	}
}
