package aws

import (
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	typeProject = "aws:codebuild/project:Project"
	typeWebhook = "aws:codebuild/webhook:Webhook"
)

// invalidInput is the code of most of CodeBuild's refusals (CodeBuild API Reference, "CreateProject"). The texts behind
// it are assumed, but for those that the provider looks for.
const invalidInput = "InvalidInputException"

// gitHubRepository is the form of a source's location (CodeBuild API Reference, "ProjectSource").
var gitHubRepository = regexp.MustCompile(`^https://github\.com/[A-Za-z0-9-]+/[A-Za-z0-9._-]+$`)

func codeBuildKinds() []behaviour.Kind {
	return []behaviour.Kind{buildProject(), buildWebhook()}
}

// buildProject runs nothing, so it has no network interfaces and does not block the deletion of its subnets and groups.
// Defaults and replacement are those of hashicorp/terraform-provider-aws, internal/service/codebuild/project.go.
func buildProject() behaviour.Kind {
	return behaviour.Kind{
		Type: typeProject, Title: "CodeBuild Project", Service: "CodeBuild",
		Verbs: behaviour.Verbs{Create: "CreateProject", Update: "UpdateProject", Delete: "DeleteProject"},
		ID: func(c *behaviour.Call) (string, error) {
			return c.Fill("arn:{partition}:codebuild:{region}:{account}:project/{name}"), nil
		},
		AutoName: &behaviour.AutoName{Property: "name", Limit: 255},
		Defaults: map[string]any{
			"badgeEnabled": false, "buildTimeout": 60, "queuedTimeout": 480, "projectVisibility": "PRIVATE",
			"environment": map[string]any{"imagePullCredentialsType": "CODEBUILD", "privilegedMode": false},
		},
		Computed: []behaviour.Output{
			behaviour.Format("arn", "{id}"), tagsAll(),
			behaviour.Constant("badgeUrl", ""), behaviour.Constant("description", ""),
			behaviour.Constant("publicProjectAlias", ""),
			behaviour.Format("encryptionKey", "arn:{partition}:kms:{region}:{account}:alias/aws/s3"),
		},
		ForceNew: []string{"name"},
		Sets:     []string{"vpcConfig.securityGroupIds", "vpcConfig.subnets"},
		References: []behaviour.Reference{
			roleReference("serviceRole", noServiceRole),
			{Property: "vpcConfig.vpcId", Types: []string{typeVPC}, OnDelete: behaviour.Ignore},
			{Property: "vpcConfig.subnets", Types: []string{typeSubnet}, OnDelete: behaviour.Ignore},
			{Property: "vpcConfig.securityGroupIds", Types: groupTypes(), OnDelete: behaviour.Ignore},
		},
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken:      taken("ResourceAlreadyExistsException", "Project already exists: %s", "arn"),
		}},
		Checks: []func(*behaviour.Call) error{
			checkBuildRole, checkBuildSource, checkBuildNetwork, checkBuildTimes,
			oneOf(invalidInput, "artifacts.type", "CODEPIPELINE", "NO_ARTIFACTS", "S3"),
			oneOf(invalidInput, "projectVisibility", "PRIVATE", "PUBLIC_READ"),
			oneOf(invalidInput, "logsConfig.cloudwatchLogs.status", "ENABLED", "DISABLED"),
		},
		Missing: missing("ResourceNotFoundException", "Project cannot be found: %s"),
	}
}

// noServiceRole is CodeBuild's refusal of a service role. The provider repeats the call while the refusal contains "ot
// authorized to perform", and then returns it.
func noServiceRole(arn string) error {
	return refuse(invalidInput, "CodeBuild is not authorized to perform: sts:AssumeRole on service role. "+
		"Please verify that: 1) The provided service role exists, 2) The role name is case-sensitive and matches exactly, "+
		"and 3) The role has the necessary trust policy configured: %s", arn)
}

// checkBuildRole requires a role that CodeBuild can assume and, for a project in a VPC, one with permissions: CodeBuild
// looks at the VPC with them at once. The policy itself is not read.
func checkBuildRole(c *behaviour.Call) error {
	arn := c.Text("serviceRole")
	role := roleOf(c, arn)

	switch {
	case !trusts(role, "codebuild.amazonaws.com", "sts:AssumeRole"):
		return noServiceRole(arn)
	case c.Text("vpcConfig.vpcId") != "" && !hasPolicyOfItsOwn(c, role):
		return refuse(invalidInput, "Not authorized to perform DescribeSecurityGroups")
	}

	return nil
}

// checkBuildSource requires a repository where the source is GitHub, and a buildspec where there is no source.
func checkBuildSource(c *behaviour.Call) error {
	switch source := c.Text("source.type"); source {
	case "GITHUB":
		if location := c.Text("source.location"); !gitHubRepository.MatchString(location) {
			return refuse(invalidInput, "Invalid source: location must be a valid GitHub repository URL: %q", location)
		}
	case "NO_SOURCE":
		if c.Text("source.buildspec") == "" {
			return fail("`buildspec` must be set when source's `type` is `NO_SOURCE`")
		}
	case "BITBUCKET", "CODECOMMIT", "CODEPIPELINE", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED", "S3":
	default:
		return refuse(invalidInput, "Invalid source type: %q", source)
	}

	return nil
}

// checkBuildNetwork requires subnets and security groups of the VPC, at most 16 and 5 (CodeBuild User Guide, "Quotas
// for AWS CodeBuild").
func checkBuildNetwork(c *behaviour.Call) error {
	network := c.Text("vpcConfig.vpcId")
	if network == "" {
		return nil
	}

	subnets, groups := c.Texts("vpcConfig.subnets"), c.Texts("vpcConfig.securityGroupIds")
	if len(subnets) == 0 || len(subnets) > 16 || len(groups) == 0 || len(groups) > 5 {
		return refuse(invalidInput, "Invalid vpc config: got %d subnets and %d security groups, expected 1 to 16 and 1 to 5",
			len(subnets), len(groups))
	}

	for _, id := range subnets {
		if subnet, _ := c.Get(typeSubnet, id); subnet.Text("vpcId") != network {
			return refuse(invalidInput, "Invalid vpc config: the subnet %s is not in %s", id, network)
		}
	}

	for _, id := range groups {
		group, _ := c.Target(behaviour.Reference{Types: groupTypes()}, id)
		if group.Text("vpcId") != network {
			return refuse(invalidInput, "Invalid vpc config: the security group %s is not in %s", id, network)
		}
	}

	return nil
}

// checkBuildTimes holds the bounds of CodeBuild API Reference, "CreateProject".
func checkBuildTimes(c *behaviour.Call) error {
	for name, most := range map[string]int{"buildTimeout": 2160, "queuedTimeout": 480} {
		if minutes := c.Number(name); minutes < 5 || minutes > most {
			return refuse(invalidInput, "Invalid %s: got %d minutes, expected 5 to %d", name, minutes, most)
		}
	}

	return nil
}

// buildWebhook is a part of its project. The simulated account has the credential for GitHub that a user once gives to
// CodeBuild. Source: hashicorp/terraform-provider-aws, internal/service/codebuild/webhook.go.
func buildWebhook() behaviour.Kind {
	return behaviour.Kind{
		Type: typeWebhook, Title: "CodeBuild Webhook", Service: "CodeBuild",
		Verbs: behaviour.Verbs{Create: "CreateWebhook", Update: "UpdateWebhook", Delete: "DeleteWebhook"},
		ID:    func(c *behaviour.Call) (string, error) { return c.Text("projectName"), nil },
		Computed: []behaviour.Output{
			behaviour.Format("payloadUrl", "https://codebuild.{region}.amazonaws.com/webhooks?t={id}&v=1"),
			{Name: "secret", Make: func(c *behaviour.Call) any { return c.Digits(40) }},
			{Name: "url", Make: webhookURL},
		},
		ForceNew:   []string{"manualCreation", "projectName", "scopeConfiguration"},
		References: []behaviour.Reference{projectReference()},
		Unique: []behaviour.Unique{{
			Properties: []string{"projectName"},
			Taken:      taken("ResourceAlreadyExistsException", "Webhook already exists for project %s", "projectName"),
		}},
		Checks:  []func(*behaviour.Call) error{checkWebhookSource, checkWebhookFilters},
		Missing: missing("ResourceNotFoundException", "Webhook cannot be found for project %s"),
	}
}

func projectReference() behaviour.Reference {
	return behaviour.Reference{
		Property: "projectName", Types: []string{typeProject}, By: []string{"name"}, OnDelete: behaviour.Cascade,
	}
}

// webhookProject is the project of the webhook that the call is about.
func webhookProject(c *behaviour.Call) account.Resource {
	project, _ := c.Target(projectReference(), c.Text("projectName"))

	return project
}

// webhookURL is the address of the webhook in GitHub's API.
func webhookURL(c *behaviour.Call) any {
	location := strings.Join(webhookProject(c).Texts("source.location"), "")
	repository := strings.TrimPrefix(strings.TrimSuffix(location, ".git"), "https://github.com/")

	return "https://api.github.com/repos/" + repository + "/hooks/" + digest(location, 9)
}

// checkWebhookSource requires a source that can notify CodeBuild.
func checkWebhookSource(c *behaviour.Call) error {
	source := strings.Join(webhookProject(c).Texts("source.type"), "")
	known := []string{"BITBUCKET", "GITHUB", "GITHUB_ENTERPRISE", "GITLAB", "GITLAB_SELF_MANAGED"}

	if !slices.Contains(known, source) {
		return refuse(invalidInput, "Webhooks are not supported for source type %s", source)
	}

	return nil
}

// checkWebhookFilters requires an EVENT filter in each group (CodeBuild API Reference, "WebhookFilter").
func checkWebhookFilters(c *behaviour.Call) error {
	groups := property.At(c.Resource.Outputs, "filterGroups")
	if len(groups) > 0 && c.Text("branchFilter") != "" {
		return fail(`"branch_filter": conflicts with filter_group`)
	}

	for _, group := range groups {
		given, _ := group.(map[string]any)
		if !slices.Contains(property.Texts(given, "filters.type"), "EVENT") {
			return refuse(invalidInput, "Each filter group must contain an EVENT filter")
		}

		if err := checkFilters(property.At(given, "filters")); err != nil {
			return err
		}
	}

	return nil
}

func checkFilters(filters []any) error {
	types := []string{
		"ACTOR_ACCOUNT_ID", "BASE_REF", "COMMIT_MESSAGE", "EVENT", "FILE_PATH", "HEAD_REF", "ORGANIZATION_NAME",
		"RELEASE_NAME", "REPOSITORY_NAME", "TAG_NAME", "WORKFLOW_NAME",
	}
	events := []string{
		"PRERELEASED", "PULL_REQUEST_CLOSED", "PULL_REQUEST_CREATED", "PULL_REQUEST_MERGED", "PULL_REQUEST_REOPENED",
		"PULL_REQUEST_UPDATED", "PUSH", "RELEASED", "WORKFLOW_JOB_QUEUED",
	}

	for _, filter := range filters {
		given, _ := filter.(map[string]any)
		kind, _ := given["type"].(string)
		pattern, _ := given["pattern"].(string)

		if !slices.Contains(types, kind) {
			return refuse(invalidInput, "Invalid webhook filter type: %q", kind)
		}

		for event := range strings.SplitSeq(pattern, ",") {
			if kind == "EVENT" && !slices.Contains(events, strings.TrimSpace(event)) {
				return refuse(invalidInput, "Invalid webhook filter pattern: %q is no event", event)
			}
		}
	}

	return nil
}
