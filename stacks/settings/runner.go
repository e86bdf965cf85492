package settings

import (
	"fmt"
	"regexp"

	"github.com/msur/platform/components/network"
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

// checkRunner requires a route to GitHub from the private subnets.
func (c *checker) checkRunner() {
	repository := c.settings.Runner.Repository
	c.MatchesIfSet(runnerPath, repository, runnerForm)

	if runnerForm.MatchString(repository) && c.settings.Network.NAT == network.NATNone {
		c.Report(runnerPath, fmt.Sprintf("no runner, or %s set to %s or %s, because the runner reaches GitHub through NAT",
			natPath, network.NATSingle, network.NATPerZone), c.Remove(runnerPath))
	}
}
