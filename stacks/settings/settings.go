// Package settings defines the configuration of an environment, in Pulumi.<environment>.yaml. Each file has one
// section: its type with documentation, its defaults, the values that are allowed, and its rules. Every mistake in
// every section is reported at once, before anything is created.
package settings

import (
	"maps"
	"regexp"
	"slices"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/scope"
)

// Settings are the configuration of an environment.
type Settings struct {
	config.AWS `mapstructure:",squash"`

	Environment Environment `mapstructure:"platform:environment"`
	Network     Network     `mapstructure:"platform:network"`
	Cluster     Cluster     `mapstructure:"platform:cluster"`
	Database    Database    `mapstructure:"platform:database"`
	Cache       Cache       `mapstructure:"platform:cache"`
	Ingress     Ingress     `mapstructure:"platform:ingress"`
	GitOps      GitOps      `mapstructure:"platform:gitops"`
	Runner      Runner      `mapstructure:"platform:runner"`
	Images      Images      `mapstructure:"platform:images"`
	// Exceptions are the controls of the score card that the environment may fail, by id. Default: none.
	Exceptions map[string]Exception `mapstructure:"platform:exceptions"`
	// Apps are the applications, by name. Default: none.
	Apps map[string]App `mapstructure:"platform:apps"`
}

// Defaults are the settings that a stack file may omit. A setting that is missing here has no default, because no value
// would be right for two environments.
func Defaults() Settings {
	return Settings{
		Network:  defaultNetwork(),
		Cluster:  defaultCluster(),
		Database: defaultDatabase(),
		Cache:    defaultCache(),
		Ingress:  defaultIngress(),
		GitOps:   defaultGitOps(),
	}
}

// Keys describe each setting for the problems of invalid values.
func Keys() config.Keys {
	all := make(config.Keys)
	for _, section := range []config.Keys{
		config.AWSKeys(), environmentKeys(), networkKeys(), clusterKeys(), nodeKeys(), autoscalingKeys(), addonKeys(),
		databaseKeys(), cacheKeys(), ingressKeys(), gitOpsKeys(), runnerKeys(), appKeys(), imageKeys(), exceptionKeys(),
	} {
		maps.Copy(all, section)
	}

	return all
}

// Load returns the settings of a stack, as far as they could be decoded, and all problems with them, sorted by path.
func Load(stack string, values config.Values, neighbours Neighbours) (Settings, config.Problems) {
	settings, generic := config.Decode(stack, values, Defaults, Keys())
	settings.Network = settings.Network.withExisting()
	c := &checker{Checker: generic, settings: settings}

	c.AWS(settings.AWS, scope.Regions(), scope.Unsupported)
	c.checkEnvironment()
	c.checkNetwork(neighbours)
	c.checkCluster()
	c.checkNodes()
	c.checkAutoscaling()
	c.checkAddons()
	c.checkDatabase()
	c.checkCache()
	c.checkIngress()
	c.checkGitOps()
	c.checkRunner()
	c.checkApps()
	c.checkImages()
	c.checkExceptions()

	return settings, c.Problems().With(CheckName(stack, slices.Collect(maps.Keys(neighbours)))...)
}

// checker collects the problems of one stack's settings. A section's rules may depend on other sections.
type checker struct {
	*config.Checker

	settings Settings
}

const boolean = "true or false"

// nameForm matches names that become part of names in AWS and Kubernetes.
var nameForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// notInWords matches the characters between the words of a name or a path.
var notInWords = regexp.MustCompile(`[^a-z0-9]+`)

const nameRule = "a name of at most %d characters: a lowercase letter, then lowercase letters, digits and single dashes"

// maxRole is the maximum length of an IAM role's name (IAM API Reference, CreateRole). Only names that contain a
// setting are checked here: a test of package stacks checks those that depend on the environment alone.
const maxRole = 64
