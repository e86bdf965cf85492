package settings

// Environment is the section platform:environment.
type Environment struct {
	// Protect forbids the deletion of what holds data, and of what that is in. Default: true where data is kept.
	Protect *bool `mapstructure:"protect"`
	// PermissionsBoundary is the name of a policy of the account, beyond which no role of the environment may go. The
	// roles that infra/bootstrap makes can deploy with it alone. Default: none; an account that is not bootstrapped has
	// no such policy.
	PermissionsBoundary string `mapstructure:"permissionsBoundary"`
}

// Database is the section platform:database.
type Database struct {
	// Version is MySQL's. Default: 8.4, the one in RDS's standard support.
	Version string `mapstructure:"version"`
	// InstanceClass is RDS's name of a machine, such as "db.t4g.micro".
	InstanceClass string `mapstructure:"instanceClass"`
	// MultiAZ keeps a standby in another zone, at twice the price. Default: false; an environment that must survive the
	// loss of a zone is refused without.
	MultiAZ bool `mapstructure:"multiAz"`
	// StorageGiB is the disk at first. Default: 20, the least that RDS has, for it grows by itself.
	StorageGiB int `mapstructure:"storageGiB"`
	// MaxStorageGiB is how far the disk grows by itself. Default: 100: a full disk stops a database, and one that grew
	// can not shrink again.
	MaxStorageGiB int `mapstructure:"maxStorageGiB"`
	// BackupRetentionDays is how far back any second can be restored. Default: 7, the least that audits accept.
	BackupRetentionDays int `mapstructure:"backupRetentionDays"`
	// Parameters are those of MySQL that can be changed while it runs, by name. Default: none but the platform's own:
	// RDS's are made for the class.
	Parameters map[string]string `mapstructure:"parameters"`
}

// Cache is the section platform:cache.
type Cache struct {
	// Version is Valkey's. Default: 8.2, the last minor of 8: ElastiCache upgrades minors by itself, and beyond this one
	// there is none. No cache goes back: where a lower version is set than the one that runs, the plan makes the cache
	// anew, which `make preview` and `make check` refuse.
	Version string `mapstructure:"version"`
	// NodeType is ElastiCache's name of a machine, such as "cache.t4g.micro".
	NodeType string `mapstructure:"nodeType"`
	// Replicas are copies in other zones, each at the price of the primary. Default: 0, and no failover; an environment
	// that must survive the loss of a zone is refused without.
	Replicas int `mapstructure:"replicas"`
	// SnapshotRetentionDays is how many daily snapshots are kept. Default: 7, as of the database: reservations are data.
	SnapshotRetentionDays int `mapstructure:"snapshotRetentionDays"`
}

// Ingress is the section platform:ingress.
type Ingress struct {
	// CertificateARN is that of a certificate of ACM in the environment's region. Default: none; Traefik then makes one
	// up, which no browser trusts.
	CertificateARN string `mapstructure:"certificateArn"`
	// Host is the name by which clients ask for the services. Default: the book's, so that its requests work.
	Host string `mapstructure:"host"`
}

// GitOps is the section platform:gitops.
type GitOps struct {
	// Repository is the URL of the Git repository that has the services' charts. Default: the project's own.
	Repository string `mapstructure:"repository"`
	// Revision is the branch, tag or commit of it that is deployed.
	Revision string `mapstructure:"revision"`
	// CredentialsSecret is the name of the secret in the cluster to which a person adds what a private repository wants to
	// know. Default: none; the repository is public.
	CredentialsSecret string `mapstructure:"credentialsSecret"`
	// Prune deletes what the repository does not say any more. Default: true; an orphan serves until somebody finds it.
	Prune bool `mapstructure:"prune"`
	// SelfHeal takes back what is changed by hand. Default: true; what runs is what was reviewed.
	SelfHeal bool `mapstructure:"selfHeal"`
	// HighlyAvailable has Argo CD survive the loss of a node, on three at least. Default: false; without it what runs goes
	// on, and only what is to change waits.
	HighlyAvailable bool `mapstructure:"highlyAvailable"`
}

// Runner is the section platform:runner.
type Runner struct {
	// Repository is the URL of the GitHub repository whose workflow jobs run inside the VPC, in CodeBuild. Default: none,
	// and no runner; a public API server needs none, and a credential for GitHub must be in the account first.
	Repository string `mapstructure:"repository"`
}

// App is a member of platform:apps.
type App struct {
	// Path is that of its requests, and of all below it, such as "/flights".
	Path string `mapstructure:"path"`
	// Needs are the stores that the application uses. Default: none, and no permissions.
	Needs []Need `mapstructure:"needs"`
}

// MigrationAccount is the service account of the job that changes an application's tables, in its namespace. No
// application can be called so: its own permissions would be taken for the job's.
const MigrationAccount = "migrate"

// Need is a store that an application can use.
type Need string

// The stores.
const (
	NeedsMySQL Need = "mysql"
	NeedsRedis Need = "redis"
)

// Needs returns the stores that applications can use.
func Needs() []Need { return []Need{NeedsMySQL, NeedsRedis} }
