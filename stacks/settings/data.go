package settings

// Environment is the section platform:environment.
type Environment struct {
	// Protect forbids the deletion of what holds data, and of what that is in. Default: true where data is kept.
	Protect *bool `mapstructure:"protect"`
}

// Database is the section platform:database.
type Database struct {
	// Version is MySQL's. Default: 8.4, the one in RDS's standard support.
	Version string `mapstructure:"version"`
	// InstanceClass is RDS's name of a machine, such as "db.t4g.micro".
	InstanceClass string `mapstructure:"instanceClass"`
	// MultiAZ keeps a standby in another zone, at twice the price. Default: false.
	MultiAZ bool `mapstructure:"multiAz"`
	// StorageGiB is the disk at first. Default: 20, the least that RDS has.
	StorageGiB int `mapstructure:"storageGiB"`
	// MaxStorageGiB is how far the disk grows by itself. Default: 100: a full disk stops a database, and one that grew
	// can not shrink again.
	MaxStorageGiB int `mapstructure:"maxStorageGiB"`
	// BackupRetentionDays is how far back any second can be restored. Default: 7, the least that audits accept.
	BackupRetentionDays int `mapstructure:"backupRetentionDays"`
	// Parameters are those of MySQL that can be changed while it runs, by name. Default: none but the platform's own.
	Parameters map[string]string `mapstructure:"parameters"`
}

// Cache is the section platform:cache.
type Cache struct {
	// Version is Valkey's. Default: 8.0.
	Version string `mapstructure:"version"`
	// NodeType is ElastiCache's name of a machine, such as "cache.t4g.micro".
	NodeType string `mapstructure:"nodeType"`
	// Replicas are copies in other zones, each at the price of the primary. Default: 0, and no failover.
	Replicas int `mapstructure:"replicas"`
	// SnapshotRetentionDays is how many daily snapshots are kept. Default: 7, as of the database: reservations are data.
	SnapshotRetentionDays int `mapstructure:"snapshotRetentionDays"`
}

// Ingress is the section platform:ingress.
type Ingress struct {
	// CertificateARN is that of a certificate of ACM in the environment's region. Default: none; Traefik then makes one
	// up, which no browser trusts.
	CertificateARN string `mapstructure:"certificateArn"`
}

// App is a member of platform:apps.
type App struct {
	// Needs are the stores that the application uses. Default: none.
	Needs []Need `mapstructure:"needs"`
}

// Need is a store that an application can use.
type Need string

// The stores.
const (
	NeedsMySQL Need = "mysql"
	NeedsCache Need = "cache"
)

// Needs returns the stores that applications can use.
func Needs() []Need { return []Need{NeedsMySQL, NeedsCache} }
