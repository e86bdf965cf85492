// Package controls is the score card. Each control has its published source and a function that checks the resources in
// a stack's state.
package controls

import (
	"embed"
	"io/fs"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/state"
)

// Result is the result of a control.
type Result string

// The results. NotApplicable is not Pass: there is nothing to check. Exception is not Pass either: the control fails,
// and the environment declares that it is allowed to. Unknown controls need what only a run reveals, or a file that is
// missing. Tested controls are not Pass, because no run checks them: tests of the repository do.
const (
	Pass          Result = "pass"
	Fail          Result = "fail"
	Exception     Result = "exception"
	NotApplicable Result = "notApplicable"
	Unknown       Result = "unknown"
	Tested        Result = "tested"
)

// Evidence is a property that a result is based on: of a resource, or in a file of the repository.
type Evidence struct {
	URN      resource.URN `json:"urn,omitempty"`
	File     string       `json:"file,omitempty"`
	Property string       `json:"property"`
}

// Name returns the logical name of the resource, or the path of the file.
func (e Evidence) Name() string {
	if e.File != "" {
		return e.File
	}

	return e.URN.Name()
}

// Finding is the result of one control in one environment.
type Finding struct {
	ID     string `json:"id"`
	Title  string `json:"title"`
	Source string `json:"source"`
	Result Result `json:"result"`
	// Evidence is the list of properties that fail; or if none fails, those that are excepted; or else those that pass.
	// For a tested control, it is the list of tests.
	Evidence []Evidence `json:"evidence"`
	// Reason explains why the control fails, is excepted, is unknown or does not apply. It is empty if the control passes,
	// except that C5 names what only tests check.
	Reason string `json:"reason"`
}

// Environment is the environment to check.
type Environment struct {
	State *state.State
	// HighlyAvailable environments must survive the loss of a zone.
	HighlyAvailable bool
	// KeepsData environments keep a snapshot of their data when they are deleted.
	KeepsData bool
	// Exceptions are the controls that the environment may fail, by id.
	Exceptions map[string]Declared
	// Now is the time of the check: Kubernetes versions go out of support.
	Now time.Time
	// Repository has the stack files, the workflows and the rendered charts; nil means that there are none.
	Repository fs.FS
}

// Declared is an exception that the environment's settings declare.
type Declared struct {
	Reason string
	// Until is the last day.
	Until time.Time
}

// NewEnvironment returns the environment of a state. The stack's outputs "policy" and "exceptions" describe it.
func NewEnvironment(known *state.State, repository fs.FS, now time.Time) Environment {
	policy, _ := known.Outputs()["policy"].(map[string]any)
	declared, _ := known.Outputs()["exceptions"].(map[string]any)
	exceptions := make(map[string]Declared, len(declared))

	for id, value := range declared {
		exception, _ := value.(map[string]any)
		reason, _ := exception["reason"].(string)
		until, _ := exception["until"].(string)
		last, _ := time.Parse(time.DateOnly, until) // the settings allow only dates

		exceptions[id] = Declared{Reason: reason, Until: last}
	}

	return Environment{
		State: known, HighlyAvailable: policy["highlyAvailable"] == true, KeepsData: policy["keepsData"] == true,
		Exceptions: exceptions, Now: now, Repository: repository,
	}
}

// control is one row of the score card.
type control struct {
	id, title, source string
	check             func(*check)
}

// Check returns the result of every control.
func Check(environment Environment) []Finding {
	if environment.Repository == nil {
		environment.Repository = embed.FS{}
	}

	var findings []Finding

	charts, err := readCharts(environment)

	for _, control := range rows() {
		c := &check{Environment: environment, rendered: charts, unread: err}
		control.check(c)
		findings = append(findings, c.finding(control))
	}

	return findings
}

// Score returns the result of every control before a run. A control that a changed resource fails may still hold,
// because values such as the ARN of a new key are not known.
func Score(environment Environment, changed map[resource.URN]bool) []Finding {
	findings := Check(environment)

	for i, found := range findings {
		revealed := func(e Evidence) bool { return changed[e.URN] }

		if found.Result == Fail && slices.ContainsFunc(found.Evidence, revealed) {
			findings[i].Result, findings[i].Reason = Unknown, "the run reveals whether it holds: "+found.Reason
		}
	}

	return findings
}

// rows returns all controls in the order of the score card.
func rows() []control {
	return []control{
		{"N1", "The VPC has flow logs with a retention period", "EC2.6, CKV2_AWS_11, AWS-0178", flowLogs},
		{"N2", "The default security group has no rules", "EC2.2, CKV2_AWS_12, AWS-0173", defaultGroup},
		{"N3", "No subnet assigns public addresses", "EC2.15, CKV_AWS_130", publicAddresses},
		{"N4", "S3 is reached through a gateway endpoint", "EC2.10/55/56/57", gatewayEndpoint},
		{
			"N5", "No security group admits the internet, except to the load balancer's ports 80 and 443",
			"EC2.18/19/21, AWS-0105/0107", openIngress,
		},
		{"N6", "Every security group rule has a description", "CKV_AWS_23, AWS-0124", descriptions},
		{"N7", "At least two zones, and one NAT gateway per zone where highly available", "BPG networking", zones},
		{"N8", "Subnets carry the role tags of load balancers", "BPG load balancing", roleTags},
		{"N9", "No address range overlaps another, in any environment", "-", disjointRanges},
		{"K1", "The API server is private, or open to listed ranges only", "EKS.1, CIS 5.4.1-2, AWS-0040/0041", apiEndpoint},
		{"K2", "Kubernetes is in standard support", "EKS.2, CKV_AWS_339", standardSupport},
		{"K3", "All control plane logs are kept for a set time", "EKS.8, CIS 2.1.1-2, AWS-0038", controlPlaneLogs},
		{"K4", "Kubernetes secrets are encrypted with our own key", "CIS 5.3.1, CKV_AWS_58, AWS-0039", encryptedSecrets},
		{"K5", "Access is by access entries, and the creator has none by default", "CIS 4.1.7", accessEntries},
		{"K6", "Each workload has its own role", "CIS 5.2.1", workloadRoles},
		{"K7", "Network policies are enforced", "CIS 4.3.1", networkPolicies},
		{"W1", "Nodes are private and allow no remote login", "CIS 5.4.3, EC2.25", privateNodes},
		{"W2", "Only the node itself reaches its metadata", "EC2.8/170, AWS-0130", metadata},
		{"W3", "Node disks are encrypted", "EC2.181, AWS-0008/0131", encryptedDisks},
		{"W4", "Nodes are spread over zones, and spot nodes over instance types", "AutoScaling.2/6", spreadNodes},
		{"W5", "The node role has only the policies that nodes need", "BPG iam", nodeRoles},
		{"W6", "Nodes run a supported image", "-", nodeImages},
		{"W7", "Nodes that Karpenter launches are like the others", "W1 to W6", launchedNodes},
		{"W8", "Pools have limits, a disruption budget and a maximum age of nodes", "BPG cost, reliability", limitedPools},
		{"W9", "Karpenter launches only nodes of its cluster, with their role", "A1", launchingRoles},
		{"W10", "Queues are encrypted and TLS-only, and only EventBridge writes", "SQS.1, CKV_AWS_27", queues},
		{"D0", "The database has memory for IAM logins, and no paid extended support", "RDS User Guide", loginMemory},
		{"D1", "The database is private, and only nodes reach it", "RDS.2, AWS-0180; RDS.18", privateDatabase},
		{"D2", "The database is encrypted with our own key", "RDS.3, AWS-0080", encryptedDatabase},
		{"D3", "The database has a standby where highly available", "RDS.5", standby},
		{"D4", "Data that must be kept is kept", "RDS.8, AWS-0177", keptData},
		{"D5", "Database backups are kept for at least a week", "RDS.11, AWS-0077", backups},
		{"D6", "The database is upgraded, logged and monitored", "RDS.13/17, RDS.9/6", maintenance},
		{"D7", "The state contains no password", "SecretsManager.1, CKV2_AWS_57, RDS.10/CKV_AWS_161", noPasswords},
		{"D8", "Connections to the database are encrypted", "CKV2_AWS_69", encryptedConnections},
		{"D9", "The cache is encrypted, and users log in with IAM", "ElastiCache.1-7, AWS-0045/0050/0051", cache},
		{"L1", "The load balancer is in several zones", "ELB.13", spreadBalancer},
		{"L2", "TLS uses a current policy", "ELB.17/18, CKV_AWS_103", currentTLS},
		{"L3", "No load balancer outlives the environment", "-", ownedBalancer},
		{"O4", "Failed IAM logins are logged", "RDS.36/40, BPG logs", loginLogs},
		{
			"A1", "No *:*, no service-wide wildcards, no privilege escalation",
			"IAM.1/21, CKV_AWS_62/63/286-290/355, AWS-0057", leastPrivilege,
		},
		{"A2", "No long-lived keys: workflows use OIDC, with a role for each purpose", "-", workflowTrust},
		{"A3", "Keys rotate and have an explicit, private policy", "KMS.3/5, AWS-0065, CKV2_AWS_64", keys},
		{"A4", "Images are scanned on push, and tags are immutable", "ECR.1-3", repositories},
		{"A5", "State buckets are versioned, encrypted, private, TLS-only and protected", "-", stateBuckets},
		{"A6", "Workflows have minimal permissions, pinned actions and no `pull_request_target`", "-", workflows},
		{
			"C1", "Pods satisfy the Pod Security level `restricted`, with a read-only root", "CIS 4.2.1-5", restrictedPods,
		},
		{"C2", "Each pod has its own service account, without a mounted token", "CIS 4.1.5/6", serviceAccounts},
		{"C3", "All traffic is denied except what a pod needs", "CIS 4.3.2", deniedTraffic},
		{"C4", "The namespace `default` is empty", "CIS 4.5.2", emptyDefault},
		{
			"C5", "Requests, limits, probes, spread and disruption budgets; no finding without a reason",
			"kube-linter, polaris, kube-score", reliablePods,
		},
		{"C6", "Chart values contain no secret", "CIS 4.4.1", noSecretValues},
		{"C7", "All pods fit on the nodes that the environment may have", "-", fittingPods},
	}
}
