package settings

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/msur/platform/components/database/engine"
	"github.com/msur/platform/internal/config"
)

// Database is the section platform:database.
type Database struct {
	// Version is the version of MySQL. Default: 8.4, the only version in RDS's standard support.
	Version string `mapstructure:"version"`
	// InstanceClass is an RDS instance class, such as "db.t4g.micro".
	InstanceClass string `mapstructure:"instanceClass"`
	// MultiAZ keeps a standby in another zone, at twice the price. Default: false. An environment that must survive the
	// loss of a zone requires it.
	MultiAZ bool `mapstructure:"multiAz"`
	// StorageGiB is the initial size of the disk. Default: 20, RDS's minimum; the disk grows automatically.
	StorageGiB int `mapstructure:"storageGiB"`
	// MaxStorageGiB limits the growth of the disk. Default: 100. A full disk stops a database, and a disk never shrinks.
	MaxStorageGiB int `mapstructure:"maxStorageGiB"`
	// BackupRetentionDays is how far back any second can be restored. Default: 7, the minimum that audits accept.
	BackupRetentionDays int `mapstructure:"backupRetentionDays"`
	// Parameters are MySQL's dynamic parameters, by name. Default: only the platform's own; RDS derives all others from
	// the instance class.
	Parameters map[string]string `mapstructure:"parameters"`
}

func defaultDatabase() Database {
	return Database{Version: "8.4", StorageGiB: 20, MaxStorageGiB: 100, BackupRetentionDays: 7}
}

// The bounds of RDS (RDS API Reference, CreateDBInstance): a disk grows by at least a tenth, and must have room for
// that. Audits require backups of a week (FSBP RDS.11).
const (
	minDisk, maxDisk = 20, 65536
	tenths           = 10
)

func storageRange() config.Range {
	return config.Range{Min: minDisk, Max: maxDisk * tenths / (tenths + 1)}
}
func backupRange() config.Range { return config.Range{Min: 7, Max: 35} }

// growthRange is the range of maxStorageGiB for a disk of this size.
func growthRange(disk int) config.Range {
	return config.Range{Min: disk + (disk+tenths-1)/tenths, Max: maxDisk}
}

const databasePath = "platform:database"

func databaseKeys() config.Keys {
	defaults := defaultDatabase()

	return config.Keys{
		databasePath + ".version": {
			Expected: config.Choice(engine.Known()) + ", in quotes", Example: defaults.Version,
		},
		databasePath + ".instanceClass": {
			Expected: "an instance class that runs MySQL " + defaults.Version, Example: "db.t4g.small",
		},
		databasePath + ".multiAz": {Expected: boolean},
		databasePath + ".storageGiB": {
			Expected: storageRange().String() + ", in GiB", Example: strconv.Itoa(defaults.StorageGiB),
		},
		databasePath + ".maxStorageGiB": {Expected: growthRange(minDisk).String() + ", in GiB"},
		databasePath + ".backupRetentionDays": {
			Expected: backupRange().String(), Example: strconv.Itoa(defaults.BackupRetentionDays),
		},
		databasePath + ".parameters": {
			Expected: "an object of MySQL parameters, by name", Element: "a string, in quotes if it is a number, true or false",
		},
	}
}

func (c *checker) checkDatabase() {
	database := c.settings.Database

	config.OneOf(c.Checker, databasePath+".version", database.Version, engine.Known())

	if err := engine.CheckClass(database.Version, database.InstanceClass); err != nil {
		c.InvalidBecause(databasePath+".instanceClass", err)
	}

	c.checkStorage(database)
	c.Within(databasePath+".backupRetentionDays", database.BackupRetentionDays, backupRange())

	for _, name := range slices.Sorted(maps.Keys(database.Parameters)) {
		c.checkParameter(name, database.Parameters[name])
	}
}

// checkStorage requires a disk that can grow.
func (c *checker) checkStorage(database Database) {
	if !storageRange().Contains(database.StorageGiB) {
		c.Invalid(databasePath + ".storageGiB")

		return
	}

	if growth := growthRange(database.StorageGiB); !growth.Contains(database.MaxStorageGiB) {
		path := databasePath + ".maxStorageGiB"
		c.Report(path, growth.String()+", at least a tenth more than storageGiB", c.Set(path, strconv.Itoa(growth.Min)))
	}
}

// parameterForm matches the parameters of MySQL and those of RDS itself, such as rds.optimized_writes.
var parameterForm = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$`)

func (c *checker) checkParameter(name, value string) {
	at := config.Member(databasePath+".parameters", name)

	switch err := engine.CheckParameter(name); {
	case !parameterForm.MatchString(name):
		c.Report(at, "the name of a MySQL parameter", c.Remove(at))
	case err != nil:
		c.Report(at, fmt.Sprintf("another parameter (%v)", err), c.Remove(at))
	case value == "":
		c.Invalid(at)
	case !engine.ValuesOf(name).Accept(value):
		c.Report(at, fmt.Sprintf("a value that RDS accepts: %s", engine.ValuesOf(name)), c.Remove(at))
	}
}

// UnknownParameters returns the names of the parameters that the platform does not know, sorted. RDS has more than the
// platform lists.
func (d Database) UnknownParameters() []string {
	known := engine.Parameters()

	return slices.DeleteFunc(slices.Sorted(maps.Keys(d.Parameters)), func(name string) bool {
		return slices.Contains(known, name)
	})
}

// Family is the family of the parameter group in RDS.
func (d Database) Family() string { return engine.Family(d.Version) }
