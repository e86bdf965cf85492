package controls

import (
	"maps"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/state"
)

const (
	typeNodeClass = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
	typeNodePool  = "kubernetes:karpenter.sh/v1:NodePool"
	typeProfile   = "aws:iam/instanceProfile:InstanceProfile"
	typeQueue     = "aws:sqs/queue:Queue"
)

// launchedNodes is W7: what W1 to W6 require of managed nodes.
func launchedNodes(c *check) {
	for _, class := range c.all(typeNodeClass) {
		c.require(class, closedMetadata("spec.metadataOptions"))
		c.require(class, requirements{
			{"spec.associatePublicIPAddress", is(false), "the nodes may get public addresses; expected false"},
		})

		alias := text(class, "spec.amiSelectorTerms[0].alias")
		c.hold(class, "spec.amiSelectorTerms", len(list(class, "spec.amiSelectorTerms")) == 1 &&
			(strings.HasPrefix(alias, "al2023@") || strings.HasPrefix(alias, "bottlerocket@")),
			"AWS no longer builds this image; expected AL2023 or Bottlerocket")

		c.holdDisks(class, "spec.blockDeviceMappings")
		c.launchedPlaces(class)
		c.launchedTags(class)

		profiles := named(c.all(typeProfile), text(class, "spec.instanceProfile"))
		c.hold(class, "spec.instanceProfile", len(profiles) == 1, "expected an instance profile of the stack")

		for _, profile := range profiles {
			for _, role := range named(c.all(typeRole), text(profile, "role")) {
				c.nodeRole(role)
			}
		}
	}
}

// launchedPlaces requires private subnets and security groups that are named by their ids: tags can be copied.
func (c *check) launchedPlaces(class state.Resource) {
	const subnets, groups = "spec.subnetSelectorTerms", "spec.securityGroupSelectorTerms"

	for _, at := range elements(class, subnets) {
		c.holdPrivate(class, at, input(class, at+".id"))
	}

	for _, at := range elements(class, groups) {
		c.hold(class, at, text(class, at+".id") != "", "expected the id of a security group")
	}

	c.hold(class, groups, len(list(class, groups)) > 0, "expected the security groups of the nodes")
}

// launchedTags requires every default tag, which the provider cannot give to resources that Karpenter creates.
func (c *check) launchedTags(class state.Resource) {
	tags, _ := input(class, "spec.tags").(map[string]any)

	for _, provider := range c.all("pulumi:providers:aws") {
		common, _ := input(provider, "defaultTags.tags").(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(common)) {
			c.hold(class, "spec.tags", tags[key] == common[key], "the nodes lack the default tag "+key)
		}
	}
}

// limitedPools is W8.
func limitedPools(c *check) {
	for _, pool := range c.all(typeNodePool) {
		set := func(value any) bool { return !blank(value) }
		c.require(pool, requirements{
			{"spec.limits.cpu", set, "a faulty chart launches any number of nodes; expected a limit of CPUs"},
			{"spec.limits.memory", set, "a faulty chart launches any number of nodes; expected a limit of memory"},
			{
				"spec.disruption.budgets[0].nodes", func(value any) bool { return set(value) && value != "100%" },
				"all nodes may be replaced at once; expected a budget",
			},
			{
				"spec.template.spec.expireAfter", func(value any) bool { return set(value) && value != "Never" },
				"nodes keep the image that they were launched with; expected a maximum age",
			},
		})
	}
}

// launchingRoles is W9, for the roles of pods that may launch instances.
func launchingRoles(c *check) {
	for _, association := range c.all(typePodIdentity) {
		role, _ := byARN(c.all(typeRole), text(association, "roleArn"))

		for _, at := range elements(role, "inlinePolicies") {
			policy, _ := readPolicy(text(role, at+".policy"))
			if !slices.ContainsFunc(policy.allowed(), launches) {
				continue
			}

			c.hold(role, at+".policy", !slices.ContainsFunc(policy.allowed(), launchesUntagged),
				"pods launch or terminate instances without the tag of their cluster")
			c.hold(role, at+".policy", !slices.ContainsFunc(policy.allowed(), passesSeveral),
				"pods pass more roles to instances than that of the nodes")
		}
	}
}

func launches(s statement) bool {
	return s.covers("ec2:RunInstances") || s.covers("ec2:CreateFleet") || s.covers("ec2:TerminateInstances")
}

// launchesUntagged reports whether a statement allows launching or terminating without a tag of the cluster. What a
// launch only uses, such as a subnet, needs no tag.
func launchesUntagged(s statement) bool {
	if !launches(s) {
		return false
	}

	used := []string{"image", "snapshot", "security-group", "subnet", "capacity-reservation", "placement-group"}
	onlyUses := !slices.ContainsFunc(texts(s.Resource), func(arn string) bool {
		_, resource, _ := strings.Cut(arn, ":ec2:")
		kind, _, _ := strings.Cut(resource[strings.LastIndex(resource, ":")+1:], "/")

		return !slices.Contains(used, kind)
	})

	keys := slices.Collect(maps.Keys(s.Condition["StringEquals"]))

	return !onlyUses && !slices.ContainsFunc(keys, func(key string) bool {
		return strings.HasPrefix(key, "aws:RequestTag/kubernetes.io/cluster/") ||
			strings.HasPrefix(key, "aws:ResourceTag/kubernetes.io/cluster/")
	})
}

// passesSeveral reports whether a statement allows passing more than one role.
func passesSeveral(s statement) bool {
	roles := texts(s.Resource)

	return s.covers("iam:PassRole") && (len(roles) != 1 || strings.ContainsAny(roles[0], "*?"))
}

// queues is W10.
func queues(c *check) {
	for _, queue := range c.all(typeQueue) {
		encrypted := input(queue, "sqsManagedSseEnabled") == true || text(queue, "kmsMasterKeyId") != ""
		c.hold(queue, "sqsManagedSseEnabled", encrypted, "the queue is not encrypted")

		policy, ok := readPolicy(text(queue, "policy"))
		c.hold(queue, "policy", ok && slices.ContainsFunc(policy.denied(), statement.isForPlainText),
			"the queue answers without TLS; expected a statement that denies it")
		c.hold(queue, "policy", ok && !slices.ContainsFunc(policy.allowed(), func(s statement) bool {
			return !only(s.Principal, "events.amazonaws.com") || len(s.Condition) == 0
		}), "others than one rule of EventBridge write to the queue")
	}
}
