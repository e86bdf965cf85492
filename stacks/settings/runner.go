package settings

import (
	"regexp"

	"github.com/msur/platform/internal/config"
)

// Runner is the section platform:runner.
type Runner struct {
	// Repository is the URL of the GitHub repository whose workflow jobs run inside the VPC, in CodeBuild. Default: none,
	// and no runner: a public API server needs no runner, and CodeBuild first needs a GitHub credential in the account.
	Repository string `mapstructure:"repository"`
}

const runnerPath = "platform:runner.repository"

func runnerKeys() config.Keys {
	return config.Keys{
		runnerPath: {Expected: "the URL of a GitHub repository, https://github.com/<owner>/<name>"},
	}
}

// runnerForm matches the URL of a GitHub repository (CodeBuild API Reference, ProjectSource, location).
var runnerForm = regexp.MustCompile(`^https://github\.com/[A-Za-z0-9](-?[A-Za-z0-9])*/[A-Za-z0-9._-]+$`)

func (c *checker) checkRunner() {
	c.MatchesIfSet(runnerPath, c.settings.Runner.Repository, runnerForm)
}
