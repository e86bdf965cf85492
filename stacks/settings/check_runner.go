package settings

import (
	"fmt"
	"regexp"

	"github.com/msur/platform/components/network"
)

const runnerPath = "platform:runner.repository"

// runnerForm is that of a repository on GitHub (CodeBuild API Reference, "ProjectSource", location).
var runnerForm = regexp.MustCompile(`^https://github\.com/[A-Za-z0-9](-?[A-Za-z0-9])*/[A-Za-z0-9._-]+$`)

// checkRunner requires a repository on GitHub, and a way from the private subnets to it.
func (l *loader) checkRunner() {
	switch repository := l.settings.Runner.Repository; {
	case repository == "":
	case !runnerForm.MatchString(repository):
		l.problem(runnerPath)
	case l.settings.Network.NAT == network.NATNone:
		l.tell(runnerPath, fmt.Sprintf("no runner, or platform:network.nat as %s or %s: a NAT gateway is its way to GitHub",
			network.NATSingle, network.NATPerZone), l.remove(runnerPath))
	}
}
