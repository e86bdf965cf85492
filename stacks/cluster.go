package stacks

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/versions"
	"github.com/msur/platform/stacks/settings"
)

// deployer finds that whoever deploys would lock themselves out: nobody is an admin of a cluster by birth, and in it
// there is more to deploy. A preview needs only to look.
func (e *Environment) deployer(account *account, preview bool) settings.Problems {
	const path = "platform:cluster.admins"

	tuned := e.Settings.Cluster

	welcome := account.arns(tuned.Admins)
	if preview {
		welcome = slices.Concat(welcome, account.arns(tuned.Auditors), account.arns(tuned.Viewers))
	}

	if slices.Contains(welcome, account.deployer) {
		return nil
	}

	// Of this account it is written without the account, so that the settings are for another one as well.
	_, principal, _ := strings.Cut(account.deployer, ":iam::"+account.id+":")

	if !settings.Principal(principal).Valid() {
		return settings.Problems{{
			Path: path,
			Got:  "credentials of " + account.deployer,
			Want: "those of a role or a user: EKS lets nobody else in",
			Mend: "export AWS_PROFILE=a-profile-of-a-role-or-user",
		}}
	}

	return settings.Problems{{
		Path: path,
		Got:  fmt.Sprintf("credentials of %s, which is not among them", account.deployer),
		Want: "whoever deploys to be an admin, or the cluster that they make would not let them in",
		Mend: settings.SetCommand(e.Name, fmt.Sprintf("%s[%d]", path, len(tuned.Admins)), principal),
	}}
}

// arns are those of principals, as the account's own where they name no account.
func (a *account) arns(principals []settings.Principal) []string {
	arns := make([]string, 0, len(principals))
	for _, principal := range principals {
		arns = append(arns, principal.ARN(a.partition, a.id))
	}

	return arns
}

// addons are the essential ones and those of the settings, each with the version that the settings or the platform pin.
// An add-on without a version is a problem, whose fix is the version that EKS installs today: were it asked for on each
// run, the same commit would make another plan on another day.
func (e *Environment) addons(ctx *pulumi.Context, provider *aws.Provider) (
	map[string]cluster.Addon, settings.Problems, error,
) {
	pinned, err := versions.Addons(e.Settings.Cluster.Version)
	if err != nil {
		return nil, nil, err
	}

	var problems settings.Problems

	addons := make(map[string]cluster.Addon)

	for _, name := range e.addonNames() {
		addon := e.addon(e.Settings.Cluster.Addons[name])
		addon.Version = cmp.Or(addon.Version, pinned[name])

		if addon.Version == "" {
			problem, err := e.unpinned(ctx, name, provider)
			if err != nil {
				return nil, nil, err
			}

			problems = problems.With(problem)
		}

		addons[name] = addon
	}

	return addons, problems, nil
}

// unpinned is the problem of an add-on without a version.
func (e *Environment) unpinned(ctx *pulumi.Context, name string, provider *aws.Provider) (settings.Problem, error) {
	minor := e.Settings.Cluster.Version

	version, err := cluster.AddonVersion(ctx, name, minor, pulumi.Provider(provider))

	switch path := settings.Member("platform:cluster.addons", name); {
	case errors.Is(err, cluster.ErrNoAddon):
		return settings.Problem{
			Path: path,
			Got:  fmt.Sprintf("%q", name),
			Want: "an add-on that EKS has for Kubernetes " + minor,
			Mend: settings.RemoveCommand(e.Name, path),
		}, nil
	case err != nil:
		return settings.Problem{}, fmt.Errorf("looking up the add-ons of EKS: %w", err)
	default:
		return settings.Problem{
			Path: path + ".version",
			Got:  "nothing",
			Want: "a version, so that the same commit deploys the same add-on on any day (today EKS installs " + version + ")",
			Mend: settings.SetCommand(e.Name, path+".version", version),
		}, nil
	}
}

// addonNames are the names of all add-ons, in order.
func (e *Environment) addonNames() []string {
	names := slices.AppendSeq(cluster.EssentialAddons(), maps.Keys(e.Settings.Cluster.Addons))
	slices.Sort(names)

	return slices.Compact(names)
}

// addon is one of the settings, without the version that they leave out.
func (*Environment) addon(tuned settings.Addon) cluster.Addon {
	addon := cluster.Addon{Version: tuned.Version, Values: tuned.Values}

	if tuned.Role != nil {
		role := tuned.Role.WithDefaults()
		addon.Role = &cluster.AddonRole{
			Namespace: role.Namespace, ServiceAccount: role.ServiceAccount, PolicyARNs: role.Policies,
		}
	}

	return addon
}

// warn tells on every run what is allowed and nobody should get used to.
func (e *Environment) warn(ctx *pulumi.Context) error {
	for _, warning := range e.warnings() {
		if err := ctx.Log.Warn(warning, nil); err != nil {
			return fmt.Errorf("warning of %s: %w", e.Name, err)
		}
	}

	return nil
}

// soon is how long before a version's end people are told: an upgrade wants a rehearsal, and a quiet week.
const soon = 60 * 24 * time.Hour

const (
	versionPath      = "platform:cluster.version"
	publicAccessPath = "platform:cluster.publicAccessCidrs"
)

func (e *Environment) warnings() []string {
	return slices.Concat(e.warningsOfAccess(), e.warningsOfVersion(), e.warningsOfMemory())
}

func (e *Environment) warningsOfAccess() []string {
	at := slices.Index(e.Settings.Cluster.PublicAccessCIDRs, anywhere)
	if at < 0 {
		return nil
	}

	path := fmt.Sprintf("%s[%d]", publicAccessPath, at)

	return []string{fmt.Sprintf("%s: anybody on the internet may talk to the API server of %s; "+
		"to have it talk to your own address alone, type: %s", path, e.Name,
		settings.SetCommand(e.Name, path, "$(curl -s https://checkip.amazonaws.com)/32"))}
}

// warningsOfVersion tell that the version's end is near. The cluster does not pay for longer support: AWS upgrades it.
func (e *Environment) warningsOfVersion() []string {
	minor := e.Settings.Cluster.Version
	end, _ := versions.SupportEnd(minor)

	ends := "ends"

	switch {
	case !versions.Supported(minor, e.Now):
		ends = "ended"
	case !e.Now.Add(soon).After(end):
		return nil
	}

	mend := "a later one comes with a later version of this platform"

	// Upgrades go one minor after another, and Known lists them so.
	if next := slices.Index(versions.Known(), minor) + 1; next < len(versions.Known()) {
		mend = "type: " + settings.SetCommand(e.Name, versionPath, versions.Known()[next])
	}

	return []string{fmt.Sprintf("%s: the standard support of Kubernetes %s %s on %s, and then AWS upgrades the cluster "+
		"on a day of its own choice; to choose the day, %s", versionPath, minor, ends, end.Format(time.DateOnly), mend)}
}
