package stacks

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/database/engine"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// warn logs, on every run, the settings that are allowed but should change.
func (e *Environment) warn(ctx *pulumi.Context, account *account) error {
	for _, warning := range slices.Concat(
		e.accessWarnings(), e.closedWarnings(account.cluster), e.keyWarnings(), e.versionWarnings(), e.memoryWarnings(),
		e.certificateWarnings(), e.roomWarnings(), e.parameterWarnings(), e.addonWarnings(), e.exceptionWarnings(),
	) {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return fmt.Errorf("warning of %s: %w", e.Name, err)
		}
	}

	return nil
}

// exceptionWarnings warn of exceptions whose last day is over.
func (e *Environment) exceptionWarnings() []string {
	var warnings []string

	for _, id := range slices.Sorted(maps.Keys(e.Settings.Exceptions)) {
		if exception := e.Settings.Exceptions[id]; exception.Ended(e.Now) {
			path := config.Member("platform:exceptions", id)
			warnings = append(warnings, fmt.Sprintf("%s: the exception ended on %s, so the score card counts %s as failed; "+
				"if it still holds, set another day, otherwise run: %s", path, exception.Until, id,
				config.RemoveCommand(e.Name, path)))
		}
	}

	return warnings
}

func (e *Environment) accessWarnings() []string {
	path, open := e.anywhere()
	if !open {
		return nil
	}

	return []string{fmt.Sprintf("%s: the API server of %s accepts connections from the whole internet; "+
		"to allow only your own address, run: %s", path, e.Name, e.allowOwnAddress(path))}
}

// allowOwnAddress is the command that sets a range to the user's own address. The shell must find out the address, so
// the value is not quoted as SetCommand would do.
func (e *Environment) allowOwnAddress(path string) string {
	return strings.Replace(config.SetCommand(e.Name, path, "ADDRESS"), "ADDRESS",
		`"$(curl -s https://checkip.amazonaws.com)/32"`, 1)
}

// closedWarnings warn of a run that creates a private API server or closes a public one: the run itself and later ones
// call the API server. They do not warn of one that is private already.
func (e *Environment) closedWarnings(cluster *eks.GetClusterVpcConfig) []string {
	const path = "platform:cluster.publicAccessCidrs"

	from := "in " + cluster.VpcId + " and in networks connected to it"

	switch existing := e.Settings.Network.Existing; {
	case len(e.Settings.Cluster.PublicAccessCIDRs) > 0:
		return nil
	case cluster.VpcId != "" && !cluster.EndpointPublicAccess:
		return nil
	case cluster.VpcId == "" && existing != nil:
		from = "in " + existing.VPC + " and in networks connected to it"
	case cluster.VpcId == "":
		from = "in its VPC, where no machine is before this run creates it"
	}

	return []string{fmt.Sprintf("%s: without a range, the API server of %s answers only callers %s; `pulumi up` creates "+
		"objects in the cluster and fails elsewhere, as does kubectl (see \"Reach the private API server\" in "+
		"docs/operations.md); to allow your own address, run: %s", path, e.Name, from,
		e.allowOwnAddress(config.Element(path, 0)))}
}

// keyWarnings warn of a repository that Argo CD cannot read: SSH always needs a key, and CodeCommit has no public
// repositories. An operator may add the credentials by hand.
func (e *Environment) keyWarnings() []string {
	const path, secret = "platform:gitops.credentialsSecret", "repository"

	gitOps := e.Settings.GitOps
	needs := "an SSH URL always needs a key"

	switch isHTTPS := strings.HasPrefix(gitOps.Repository, "https://"); {
	case gitOps.CredentialsSecret != "":
		return nil
	case strings.HasPrefix(gitOps.Repository, "https://git-codecommit"):
		needs = "CodeCommit always needs a user name and a password"
	case isHTTPS:
		return nil
	}

	return []string{fmt.Sprintf("%s: %s, and Argo CD has none for %s: see \"A private repository\" in "+
		"docs/real-account.md; run: %s", path, needs, gitOps.Repository, config.SetCommand(e.Name, path, secret))}
}

// notice is how long before the end of support the warnings start: an upgrade takes a rehearsal and a quiet week.
const notice = 60 * 24 * time.Hour

// versionWarnings announce the end of support for the Kubernetes version. The cluster has no extended support, so AWS
// upgrades it when support ends.
func (e *Environment) versionWarnings() []string {
	const path = "platform:cluster.version"

	minor := e.Settings.Cluster.Version
	end, _ := plan.SupportEnd(minor)

	ends := "ends"

	switch {
	case !plan.Supported(minor, e.Now):
		ends = "ended"
	case !e.Now.Add(notice).After(end):
		return nil
	}

	fix := "update this platform to a version that knows a later one"

	// Clusters are upgraded one minor at a time, and Minors lists them in order.
	if next := slices.Index(plan.Minors(), minor) + 1; next < len(plan.Minors()) {
		fix = "run: " + config.SetCommand(e.Name, path, plan.Minors()[next])
	}

	return []string{fmt.Sprintf("%s: standard support for Kubernetes %s %s on %s, and then AWS upgrades the cluster "+
		"at a time of its own choice; to upgrade it yourself, %s", path, minor, ends, end.Format(time.DateOnly), fix)}
}

// certificateWarnings warn of a region in which services cannot verify their database. AWS accepts the environment, and
// an image with the certificates can be released at any time.
func (e *Environment) certificateWarnings() []string {
	region, apps := e.Settings.Region, e.appsThatNeed(settings.NeedsMySQL)
	if len(apps) == 0 || !engine.LacksRoots(region) {
		return nil
	}

	return []string{fmt.Sprintf("aws:region: the services have no root certificates of Amazon RDS for %s, so %s cannot "+
		"connect to MySQL: save the region's bundle as apps/chassis/mysql/roots/%[1]s.pem and release the services (see "+
		"\"Certificates of Amazon RDS\" in apps/README.md)", region, strings.Join(apps, ", "))}
}

// roomWarnings warn of instance types whose room for pods is unknown, because nothing checks that the platform fits.
func (e *Environment) roomWarnings() []string {
	var warnings []string

	for _, path := range plan.UnknownRooms(e.Settings.Cluster.Nodes) {
		warnings = append(warnings, fmt.Sprintf("platform:cluster.nodes.%s: %s does not have this instance type: check "+
			"its spelling, and add it; until then, nothing checks that the platform fits on such nodes", path, plan.RoomFile))
	}

	return warnings
}

// parameterWarnings warn of parameters of MySQL that the platform does not know. RDS has more than the platform lists,
// and no look-up returns them, so they are not refused.
func (e *Environment) parameterWarnings() []string {
	const parameters = "platform:database.parameters"

	var warnings []string

	for _, name := range e.Settings.Database.UnknownParameters() {
		path := config.Member(parameters, name)
		advice := "ask RDS with `make doctor STACK=" + e.Name + "`"

		if meant := config.Nearest(name, engine.Parameters()); meant != "" && e.Settings.Database.Parameters[meant] == "" {
			advice = fmt.Sprintf("did you mean %s? run: %s", meant,
				config.MoveCommand(e.Name, e.values, path, config.Member(parameters, meant)))
		}

		warnings = append(warnings, fmt.Sprintf("%s: the platform does not know this parameter, and `pulumi up` fails if "+
			"RDS does not have it for MySQL %s: %s", path, e.Settings.Database.Version, advice))
	}

	return warnings
}

// addonWarnings warn of values that EKS refuses during `up`, unless the version's schema has them: no look-up returns
// the schema, and the platform's list of values is not complete, so they are not refused.
func (e *Environment) addonWarnings() []string {
	var warnings []string

	for _, value := range e.Settings.Cluster.MisspeltAddonValues() {
		warnings = append(warnings, fmt.Sprintf("%s: `pulumi up` fails if the add-on's schema does not have this value: did "+
			"you mean %s? run: %s", value.Path, value.Meant, config.MoveCommand(e.Name, e.values, value.Path, value.Meant)))
	}

	return warnings
}

// memoryWarnings warn of a database that is too small for IAM logins, the only logins of the services. AWS accepts such
// a database, so the program does too, but control D0 fails.
func (e *Environment) memoryWarnings() []string {
	const parameter, small = "innodb_buffer_pool_size", "db.t4g.small"

	database := e.Settings.Database
	pool, configured := database.Parameters[parameter]

	spare, known := engine.SpareMiB(database.InstanceClass, cmp.Or(pool, engine.BufferPool(database.InstanceClass)))
	if !known || spare >= engine.MinSpareMiB {
		return nil
	}

	path := "platform:database.instanceClass"
	fix := config.SetCommand(e.Name, path, small)

	if configured {
		path = "platform:database.parameters." + parameter
		fix = config.RemoveCommand(e.Name, path)
	}

	return []string{fmt.Sprintf("%s: %s has about %d MiB besides the buffer pool, but IAM logins, the only logins of the "+
		"services, need at least %d and fail under load with less; to fix it, run: %s", path, database.InstanceClass,
		max(spare, 0), engine.MinSpareMiB, fix)}
}
