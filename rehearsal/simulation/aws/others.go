package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeBucketPolicy = "aws:s3/bucketPolicy:BucketPolicy"
	typeKey          = "aws:kms/key:Key"
	typeAlias        = "aws:kms/alias:Alias"
	typeLogGroup     = "aws:cloudwatch/logGroup:LogGroup"
	typeZone         = "aws:route53/zone:Zone"
	typeRecord       = "aws:route53/record:Record"
	typeProject      = "aws:codebuild/project:Project"
	typeWebhook      = "aws:codebuild/webhook:Webhook"
)

// otherRules are those of services with few rules.
func otherRules() map[string]rules {
	return map[string]rules{
		typeBucketPolicy: {local: []behaviour.Local{checkDocument("policy")}},
		typeKey: {
			outputs: makers{"rotationPeriodInDays": rotationPeriod},
			local:   []behaviour.Local{{Reads: []string{"policy"}, Check: checkKeyPolicy}},
		},
		typeAlias: {outputs: makers{"targetKeyArn": func(c *call) any {
			return c.Fill("arn:{partition}:kms:{region}:{account}:key/{targetKeyId}")
		}}},
		typeLogGroup: {checks: []check{checkLogKey}},
		typeWebhook:  {outputs: makers{"url": webhookURL}},
		typeRecord: {
			// The provider makes the id: the zone, the name that the program gives, in small letters, and the type.
			id: func(c *call) string {
				return strings.Join([]string{c.Text("zoneId"), domainName(c.Text("name")), c.Text("type")}, "_")
			},
			outputs: makers{"fqdn": func(c *call) any { return domain(c) }},
			checks:  []check{checkRecord},
		},
		typeProject: {checks: []check{checkBuildRole}},
	}
}

// rotationPeriod is KMS's default while it rotates a key.
// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html
func rotationPeriod(c *call) any {
	if c.True("enableKeyRotation") {
		return 365
	}

	return 0
}

// webhookURL is the webhook's place in GitHub's API.
func webhookURL(c *call) any {
	project, _ := c.Target(behaviour.Reference{Types: []string{typeProject}, By: []string{"name"}}, c.Text("projectName"))
	repository := strings.TrimPrefix(strings.Join(project.Texts("source.location"), ""), "https://github.com/")

	return c.Fill("https://api.github.com/repos/" + repository + "/hooks/" + strings.Map(decimal, c.Digits(9)))
}

func checkKeyPolicy(c *call) error {
	if c.Text("policy") != "" && checkDocument("policy").Check(c) != nil {
		return refuse("MalformedPolicyDocumentException", "The policy is not in the valid JSON format.")
	}

	return nil
}

// checkLogKey requires a key whose policy admits the service: a key's default policy does not. CloudWatch Logs answers
// the same when there is no key.
func checkLogKey(c *call) error {
	arn := c.Text("kmsKeyId")
	if arn == "" {
		return nil
	}

	key, _ := c.Target(behaviour.Reference{Types: []string{typeKey}, By: []string{"arn"}}, arn)

	policy := key.Text("policy")
	if !strings.Contains(policy, c.Fill(`"logs.{region}.{domain}"`)) &&
		!strings.Contains(policy, `"logs.amazonaws.com"`) {
		return refuse("AccessDeniedException",
			"The specified KMS key does not exist or is not allowed to be used with Arn '%s'", arn)
	}

	return nil
}

// domain is the record's full name: one outside the zone is relative to it.
func domain(c *call) string {
	zone, _ := c.Get(typeZone, c.Text("zoneId"))
	suffix, name := domainName(zone.Text("name")), domainName(c.Text("name"))

	if name == suffix || strings.HasSuffix(name, "."+suffix) {
		return name
	}

	return strings.TrimPrefix(name+"."+suffix, ".")
}

// checkRecord refuses a record set that exists already.
func checkRecord(c *call) error {
	for _, other := range c.Siblings(typeRecord) {
		same := other.Text("zoneId") == c.Text("zoneId") && other.Text("fqdn") == domain(c) &&
			other.Text("type") == c.Text("type")
		if same {
			return refuse("InvalidChangeBatch",
				"[Tried to create resource record set [name='%s.', type='%s'] but it already exists]",
				domain(c), c.Text("type"))
		}
	}

	return nil
}

// checkBuildRole requires a role that CodeBuild is allowed to assume and, for a project in a VPC, one with permissions:
// CodeBuild looks at the VPC with them at once. The provider repeats the call while the first refusal contains "ot
// authorized to perform", and then returns it.
func checkBuildRole(c *call) error {
	arn := c.Text("serviceRole")
	role := roleOf(c, arn)

	switch {
	case !trusts(role, "codebuild.amazonaws.com", "sts:AssumeRole"):
		return refuse("InvalidInputException", "CodeBuild is not authorized to perform: sts:AssumeRole on service role. "+
			"Please verify that: 1) The provided service role exists, 2) The role name is case-sensitive and matches exactly, "+
			"and 3) The role has the necessary trust policy configured: %s", arn)
	case c.Text("vpcConfig.vpcId") != "" && !hasOwnPolicy(c, role):
		return refuse("InvalidInputException", "Not authorized to perform DescribeSecurityGroups")
	}

	return nil
}
