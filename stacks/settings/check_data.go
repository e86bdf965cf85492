package settings

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	cachengine "github.com/msur/platform/components/cache/engine"
	"github.com/msur/platform/components/database/engine"
)

const (
	databasePath = "platform:database"
	cachePath    = "platform:cache"
)

// bounds are the least and the most that a number can be.
type bounds struct{ least, most int }

// The bounds of RDS and ElastiCache (API References, CreateDBInstance and CreateReplicationGroup): a disk grows by a
// tenth at least, and so there must be room for that; backups reach back a week at least (FSBP RDS.11), and a snapshot
// is taken every day.
func storageBounds() bounds  { return bounds{20, maxDisk * tenths / (tenths + 1)} }
func growthBounds() bounds   { return bounds{grown(storageBounds().least), maxDisk} }
func backupBounds() bounds   { return bounds{7, 35} }
func replicaBounds() bounds  { return bounds{0, 5} }
func snapshotBounds() bounds { return bounds{1, 35} }

const maxDisk, tenths = 65536, 10

// grown is how large a disk is when it has grown by as little as RDS lets it.
func grown(disk int) int { return disk + (disk+tenths-1)/tenths }

// String is what a number within the bounds is.
func (b bounds) String() string { return fmt.Sprintf("a whole number from %d to %d", b.least, b.most) }

func (b bounds) hold(number int) bool { return b.least <= number && number <= b.most }

var parameterForm = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

func (l *loader) checkDatabase() {
	database := l.settings.Database

	if !slices.Contains(engine.Known(), database.Version) {
		l.problem(databasePath + ".version")
	}

	if err := engine.CheckClass(database.Version, database.InstanceClass); err != nil {
		l.refuse(databasePath+".instanceClass", err)
	}

	l.checkStorage(database)

	if !backupBounds().hold(database.BackupRetentionDays) {
		l.problem(databasePath + ".backupRetentionDays")
	}

	for _, name := range slices.Sorted(maps.Keys(database.Parameters)) {
		l.checkParameter(name, database.Parameters[name])
	}
}

// checkStorage wants a disk that can grow.
func (l *loader) checkStorage(database Database) {
	if !storageBounds().hold(database.StorageGiB) {
		l.problem(databasePath + ".storageGiB")

		return
	}

	growth := bounds{grown(database.StorageGiB), maxDisk}
	if !growth.hold(database.MaxStorageGiB) {
		path := databasePath + ".maxStorageGiB"
		l.tell(path, fmt.Sprintf("%s: a tenth more than the disk at first, at least", growth),
			l.set(path, strconv.Itoa(growth.least)))
	}
}

func (l *loader) checkParameter(name, value string) {
	at := Member(databasePath+".parameters", name)

	switch err := engine.CheckParameter(name); {
	case !parameterForm.MatchString(name):
		l.tell(at, "the name of a parameter of MySQL", l.remove(at))
	case err != nil:
		l.tell(at, fmt.Sprintf("another parameter (%v)", err), l.remove(at))
	case value == "":
		l.problem(at)
	}
}

func (l *loader) checkCache() {
	cache := l.settings.Cache

	if !slices.Contains(cachengine.Known(), cache.Version) {
		l.problem(cachePath + ".version")
	}

	if err := cachengine.CheckNodeType(cache.Version, cache.NodeType); err != nil {
		l.refuse(cachePath+".nodeType", err)
	}

	if !replicaBounds().hold(cache.Replicas) {
		l.problem(cachePath + ".replicas")
	}

	if !snapshotBounds().hold(cache.SnapshotRetentionDays) {
		l.problem(cachePath + ".snapshotRetentionDays")
	}
}

// refuse reports the value at path by what its key wants, and why it is not that.
func (l *loader) refuse(path string, why error) {
	k := keyOf(path)
	l.tell(path, fmt.Sprintf("%s (%v)", k.wants, why), l.mend(path, k.example))
}

var certificateForm = regexp.MustCompile(`^arn:aws[a-z-]*:acm:([a-z0-9-]+):([0-9]{12}):certificate/[0-9a-f-]{36}$`)

// checkIngress wants a certificate of the load balancer's own region: it takes no other.
func (l *loader) checkIngress() {
	if host := l.settings.Ingress.Host; !hostForm.MatchString(host) {
		l.problem("platform:ingress.host")
	}

	const path = "platform:ingress.certificateArn"

	arn := l.settings.Ingress.CertificateARN
	if arn == "" {
		return
	}

	match := certificateForm.FindStringSubmatch(arn)

	switch {
	case match == nil:
		l.problem(path)
	case match[1] != l.settings.Region:
		l.tell(path, fmt.Sprintf("a certificate in %s, where the load balancer is (this one is in %s)",
			l.settings.Region, match[1]), l.remove(path))
	}
}

// Account is the id of the account that the certificate is in; "" where there is no certificate.
func (i Ingress) Account() string {
	if match := certificateForm.FindStringSubmatch(i.CertificateARN); match != nil {
		return match[2]
	}

	return ""
}
