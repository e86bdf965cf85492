// Package settings defines the configuration of an account, in Pulumi.account.yaml: its defaults, the values that are
// allowed, and its rules. Every mistake is reported at once, before anything is created.
package settings

import (
	"maps"
	"regexp"
	"strings"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/scope"
)

// Settings are the configuration of an account.
type Settings struct {
	config.AWS `mapstructure:",squash"`

	// GitHub is the repository whose workflows may use the account.
	GitHub GitHub `mapstructure:"bootstrap:github"`
	// Environments are the names of the stacks that are deployed to the account. Physical names start with them. Default:
	// every environment with a stack file in the root of the repository.
	Environments []string `mapstructure:"bootstrap:environments"`
	// Images are the services that have a repository for their images. They are independent of the environments'
	// applications: a service that no environment has still has images. Default: none.
	Images []string `mapstructure:"bootstrap:images"`
	// ServiceLinkedRoles are the services whose service-linked role is created. Default: those that an environment uses.
	// Omit those that the account already has.
	ServiceLinkedRoles []string `mapstructure:"bootstrap:serviceLinkedRoles"`
	State              State    `mapstructure:"bootstrap:state"`
}

// GitHub is the section bootstrap:github.
type GitHub struct {
	// Organization and Repository are as in github.com/<organization>/<repository>.
	Organization string `mapstructure:"organization"`
	Repository   string `mapstructure:"repository"`
	// OrganizationID and RepositoryID are the numbers that GitHub's API prints for them.
	OrganizationID string `mapstructure:"organizationId"`
	RepositoryID   string `mapstructure:"repositoryId"`
	// Branch is the branch whose content is reviewed. Default: main.
	Branch string `mapstructure:"branch"`
	// Deployers are the subjects of workflows that deploy: environment/<name>, branch/<name>, or tag/<name>, which may end
	// with a *. Default: the GitHub environment of each environment.
	Deployers []string `mapstructure:"deployers"`
}

// State is the section bootstrap:state.
type State struct {
	// Protect makes the engine refuse to delete the states' bucket and its key. Default: true.
	Protect bool `mapstructure:"protect"`
}

// Defaults are the settings that a stack file may omit. Of the services that have a service-linked role, an environment
// uses EKS, its node groups, Auto Scaling, spot instances, load balancers, RDS and ElastiCache.
func Defaults() Settings {
	return Settings{
		GitHub: GitHub{Branch: "main"},
		ServiceLinkedRoles: []string{
			"autoscaling.amazonaws.com", "eks-nodegroup.amazonaws.com", "eks.amazonaws.com", "elasticache.amazonaws.com",
			"elasticloadbalancing.amazonaws.com", "rds.amazonaws.com", "spot.amazonaws.com",
		},
		State: State{Protect: true},
	}
}

const (
	githubPath       = "bootstrap:github"
	deployersPath    = githubPath + ".deployers"
	environmentsPath = "bootstrap:environments"
	imagesPath       = "bootstrap:images"
	rolesPath        = "bootstrap:serviceLinkedRoles"
)

// Keys describe each setting for the problems of invalid values.
func Keys() config.Keys {
	keys := config.Keys{
		githubPath + ".organization": {Expected: "a GitHub organization or user", Example: "<name>"},
		githubPath + ".repository":   {Expected: "the name of a repository, without its organization", Example: "<name>"},
		githubPath + ".organizationId": {
			Expected: "the number that `gh api users/<organization> --jq .id` prints, in quotes", Example: "<number>",
		},
		githubPath + ".repositoryId": {
			Expected: "the number that `gh api repos/<organization>/<repository> --jq .id` prints, in quotes",
			Example:  "<number>",
		},
		githubPath + ".branch": {Expected: "a branch", Example: Defaults().GitHub.Branch},
		deployersPath: {
			Expected: "a list with at least one deployer",
			Element:  "environment/<name>, branch/<name>, or tag/<name>, which alone may end with a *",
		},
		environmentsPath: {
			Expected: "a list with the name of at least one stack", Element: "the name of a stack, such as sandbox",
		},
		imagesPath:                {Expected: "a list of services", Element: "the name of a service, such as flights"},
		rolesPath:                 {Expected: "a list of AWS services", Element: "a service, such as eks.amazonaws.com"},
		"bootstrap:state.protect": {Expected: "true or false"},
	}
	maps.Copy(keys, config.AWSKeys())

	return keys
}

var (
	// GitHub's rules for the names of organizations and repositories, and for ids.
	organizationForm = regexp.MustCompile(`^[A-Za-z0-9](-?[A-Za-z0-9])*$`)
	repositoryForm   = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)
	idForm           = regexp.MustCompile(`^[1-9][0-9]*$`)
	branchForm       = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._/-]*$`)
	// A * anywhere but at the end of a tag would trust more workflows than intended.
	deployerForm = regexp.MustCompile(
		`^((environment|branch)/[A-Za-z0-9][A-Za-z0-9._/-]*|tag/[A-Za-z0-9][A-Za-z0-9._/-]*\*?)$`)
	nameForm    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	serviceForm = regexp.MustCompile(`^[a-z0-9-]+(\.[a-z0-9-]+)*\.amazonaws\.com$`)
)

// Load returns the settings of an account, as far as they could be decoded, and all problems with them, sorted by path.
// environments are those with a stack file.
func Load(stack string, values config.Values, environments []string) (Settings, config.Problems) {
	settings, c := config.Decode(stack, values, Defaults, Keys())
	if !c.Has(environmentsPath) {
		settings.Environments = environments
	}

	if !c.Has(deployersPath) {
		for _, environment := range settings.Environments {
			settings.GitHub.Deployers = append(settings.GitHub.Deployers, "environment/"+environment)
		}
	}

	github := settings.GitHub

	c.AWS(settings.AWS, scope.Regions(), scope.Unsupported)
	c.Matches(githubPath+".organization", github.Organization, organizationForm)
	c.Matches(githubPath+".repository", github.Repository, repositoryForm)
	c.Matches(githubPath+".organizationId", github.OrganizationID, idForm)
	c.Matches(githubPath+".repositoryId", github.RepositoryID, idForm)
	c.Matches(githubPath+".branch", github.Branch, branchForm)
	checkNotEmpty(c, deployersPath, github.Deployers, "environment/sandbox")
	config.Unique(c, deployersPath, github.Deployers, deployerForm.MatchString)
	checkNotEmpty(c, environmentsPath, settings.Environments, "sandbox")
	config.Unique(c, environmentsPath, settings.Environments, nameForm.MatchString)
	checkReserved(c, settings.Environments)
	config.Unique(c, imagesPath, settings.Images, nameForm.MatchString)
	config.Unique(c, rolesPath, settings.ServiceLinkedRoles, serviceForm.MatchString)

	return settings, c.Problems()
}

func checkNotEmpty(c *config.Checker, path string, list []string, example string) {
	if len(list) == 0 {
		c.Report(path, c.Expected(path), c.Set(config.Element(path, 0), example))
	}
}

// checkReserved refuses names of environments that start like the names of other roles. A principal that deploys such
// an environment could change those roles. "platform" starts the roles that this program creates, "aws" AWS's own.
func checkReserved(c *config.Checker, environments []string) {
	for i, environment := range environments {
		path := config.Element(environmentsPath, i)

		for _, reserved := range []string{"platform", "aws"} {
			if environment == reserved || strings.HasPrefix(environment, reserved+"-") {
				c.Report(path, "a name that does not start with "+reserved+", which is reserved for other roles", c.Remove(path))
			}
		}

		for _, other := range environments {
			if strings.HasPrefix(environment, other+"-") {
				c.Report(path, "a name that does not start with the name of another environment, "+other, c.Remove(path))
			}
		}
	}
}
