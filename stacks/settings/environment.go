package settings

import (
	"regexp"

	"github.com/msur/platform/internal/config"
)

// Environment is the section platform:environment.
type Environment struct {
	// Protect forbids the deletion of resources that hold data, and of their containers. Default: true in environments
	// that keep data.
	Protect *bool `mapstructure:"protect"`
	// PermissionsBoundary is the name of an IAM policy that limits every role of the environment. The roles of
	// infra/bootstrap can deploy only with it. Default: none; an account without infra/bootstrap has no such policy.
	PermissionsBoundary string `mapstructure:"permissionsBoundary"`
}

const environmentPath = "platform:environment"

func environmentKeys() config.Keys {
	return config.Keys{
		environmentPath + ".protect":             {Expected: boolean},
		environmentPath + ".permissionsBoundary": {Expected: "the name of an IAM policy, such as platform-boundary"},
	}
}

// boundaryForm matches the name of an IAM policy (IAM API Reference, CreatePolicy).
var boundaryForm = regexp.MustCompile(`^[A-Za-z0-9+=,.@_-]{1,128}$`)

func (c *checker) checkEnvironment() {
	c.MatchesIfSet(environmentPath+".permissionsBoundary", c.settings.Environment.PermissionsBoundary, boundaryForm)

	const tag = "aws:defaultTags.tags.Environment"

	if c.settings.DefaultTags.Tags["Environment"] != c.Stack() {
		c.Report(tag, "the environment's name, "+c.Stack(), c.Set(tag, c.Stack()))
	}
}
