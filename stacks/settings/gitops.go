package settings

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/msur/platform/internal/config"
)

// GitOps is the section platform:gitops.
type GitOps struct {
	// Repository is the URL of the Git repository that has the services' charts. Default: the project's own.
	Repository string `mapstructure:"repository"`
	// Revision is the branch, tag or commit that is deployed. An environment that follows main gets every new image.
	// Any other environment gets releases: after an approval, a release moves its branch.
	Revision string `mapstructure:"revision"`
	// CredentialsSecret is the name of a secret in the cluster. For a private repository, an operator adds the credentials
	// to it. Default: none; the repository is public.
	CredentialsSecret string `mapstructure:"credentialsSecret"`
	// Prune deletes objects that the repository no longer has. Default: true; otherwise a removed object would run until
	// an operator notices it.
	Prune bool `mapstructure:"prune"`
	// SelfHeal reverts manual changes. Default: true, so that only reviewed code runs.
	SelfHeal bool `mapstructure:"selfHeal"`
	// HighlyAvailable lets Argo CD survive the loss of a node. It needs at least three nodes. Default: false. Without it,
	// a lost node delays deployments, but the services keep running.
	HighlyAvailable bool `mapstructure:"highlyAvailable"`
}

// MainBranch is the branch whose content is reviewed.
const MainBranch = "main"

func defaultGitOps() GitOps {
	return GitOps{Repository: "https://github.com/msur/platform.git", Prune: true, SelfHeal: true}
}

const gitOpsPath = "platform:gitops"

func gitOpsKeys() config.Keys {
	return config.Keys{
		gitOpsPath + ".repository": {
			Expected: "the URL of a Git repository, https://…, ssh://… or user@host:path, without a password",
			Example:  defaultGitOps().Repository,
		},
		gitOpsPath + ".revision":          {Expected: "a branch, a tag or a commit", Example: MainBranch},
		gitOpsPath + ".credentialsSecret": {Expected: "the name of a secret in the cluster"},
		gitOpsPath + ".prune":             {Expected: boolean},
		gitOpsPath + ".selfHeal":          {Expected: boolean},
		gitOpsPath + ".highlyAvailable":   {Expected: boolean},
	}
}

var revisionForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]*$`)

func (c *checker) checkGitOps() {
	gitOps := c.settings.GitOps

	c.checkRepository(gitOpsPath+".repository", gitOps.Repository)
	c.Matches(gitOpsPath+".revision", gitOps.Revision, revisionForm)
	c.MatchesIfSet(gitOpsPath+".credentialsSecret", gitOps.CredentialsSecret, nameForm)

	// Each Redis of a highly available Argo CD is on a node of its own (argo-helm, "High Availability").
	const redisNodes = 3

	if count := c.minNodes(); gitOps.HighlyAvailable && count < redisNodes {
		path, off := gitOpsPath+".highlyAvailable", "false, or "
		fixes := c.moreNodes(redisNodes - count)

		switch durable := c.settings.Environment.Class == Durable; {
		case durable && fixes == nil:
			return // the missing nodes are a problem of their own
		case durable:
			off = "" // a durable environment requires true
		case fixes == nil:
			fixes = []string{c.Set(path, "false")}
		}

		c.Report(path, fmt.Sprintf("%sat least %d nodes (the minimum of all kinds and zones is %d)",
			off, redisNodes, count), fixes...)
	}
}

// moreNodes returns the commands that add nodes to a kind for any pod, or none without such a kind.
func (c *checker) moreNodes(missing int) []string {
	zones := len(c.settings.Network.Zones)

	for _, name := range slices.Sorted(maps.Keys(c.settings.Cluster.Nodes)) {
		kind, at := c.settings.Cluster.Nodes[name], config.Member(nodesPath, name)
		if !kind.TakesAnyPod() || zones == 0 {
			continue
		}

		least := kind.Min + (missing+zones-1)/zones
		commands := []string{c.Set(at+".min", strconv.Itoa(least))}

		if kind.Max < least {
			commands = append(commands, c.Set(at+".max", strconv.Itoa(least)))
		}

		return commands
	}

	return nil
}

// minNodes is the smallest number of nodes in the cluster.
func (c *checker) minNodes() int {
	count := 0
	for _, kind := range c.settings.Cluster.Nodes {
		count += kind.Min * len(c.settings.Network.Zones)
	}

	return count
}
