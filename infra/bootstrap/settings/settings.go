// Package settings is the configuration of an account: its defaults, its strict decoding and its validation. It reports
// every problem at once, before anything is made.
package settings

// Settings are what a person says in Pulumi.account.yaml.
type Settings struct {
	// Region is the AWS region that states, keys and images are in, and environments too.
	Region string `mapstructure:"aws:region"`
	// AllowedAccountIDs are the accounts that may be set up. Default: none are named, and any may.
	AllowedAccountIDs []string `mapstructure:"aws:allowedAccountIds"`
	// DefaultTags are put on every resource of AWS that can have tags.
	DefaultTags DefaultTags `mapstructure:"aws:defaultTags"`
	// GitHub is whose workflows may use the account.
	GitHub GitHub `mapstructure:"bootstrap:github"`
	// Environments are the names of the stacks that are deployed here. Physical names start with them.
	Environments []string `mapstructure:"bootstrap:environments"`
	// Images are the services that have a repository for their images. Not the applications of the environments: one that
	// leaves an environment, or is not in one yet, has images all the same.
	Images []string `mapstructure:"bootstrap:images"`
	// ServiceLinkedRoles are the services whose role for themselves is made here. Default: those that an environment uses.
	// One that the account has already is left out.
	ServiceLinkedRoles []string `mapstructure:"bootstrap:serviceLinkedRoles"`
	State              State    `mapstructure:"bootstrap:state"`
}

// DefaultTags holds the tags one level down, where the AWS provider's own setting has them.
type DefaultTags struct {
	Tags map[string]string `mapstructure:"tags"`
}

// GitHub is the section bootstrap:github.
type GitHub struct {
	// Organization and Repository are as in github.com/<organization>/<repository>.
	Organization string `mapstructure:"organization"`
	Repository   string `mapstructure:"repository"`
	// OrganizationID and RepositoryID are the numbers that GitHub's API prints for them.
	OrganizationID string `mapstructure:"organizationId"`
	RepositoryID   string `mapstructure:"repositoryId"`
	// Branch is the one whose content has been reviewed. Default: main.
	Branch string `mapstructure:"branch"`
	// Deployers are what workflows that deploy run for: environment/<name>, branch/<name>, or tag/<name>, which may end
	// with a *.
	Deployers []string `mapstructure:"deployers"`
}

// State is the section bootstrap:state.
type State struct {
	// Protect has the engine refuse to delete the bucket of the states and its key. Default: true.
	Protect bool `mapstructure:"protect"`
}

// DefaultServiceLinkedRoles are the services that an environment uses and that have a role of their own: EKS, its node
// groups, the groups that start nodes, spot nodes, load balancers, RDS, ElastiCache.
func DefaultServiceLinkedRoles() []string {
	return []string{
		"autoscaling.amazonaws.com", "eks-nodegroup.amazonaws.com", "eks.amazonaws.com", "elasticache.amazonaws.com",
		"elasticloadbalancing.amazonaws.com", "rds.amazonaws.com", "spot.amazonaws.com",
	}
}

// defaults are the settings that a stack file may leave out, but for the list of roles, which the decoder would fill
// up instead of replacing it.
func defaults() Settings {
	return Settings{GitHub: GitHub{Branch: "main"}, State: State{Protect: true}}
}
