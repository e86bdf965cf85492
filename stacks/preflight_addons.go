package stacks

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

const addonsPath = "platform:cluster.addons"

// addons are the essential add-ons and those of the settings, each with the version that the settings or the platform
// pin. An add-on without a version is a problem, whose fix sets the version that EKS installs today. If the version
// were looked up on each run, the same commit would make another plan on another day.
func (e *Environment) addons(ctx *pulumi.Context, provider *aws.Provider) (
	map[string]cluster.Addon, config.Problems, error,
) {
	var problems config.Problems

	pinned, versions := plan.Addons(e.Settings.Cluster.Version), e.Settings.Cluster.AddonVersions()
	addons := make(map[string]cluster.Addon)

	for _, name := range slices.Sorted(maps.Keys(versions)) {
		configured := e.Settings.Cluster.Addons[name].Version
		addon := clusterAddon(e.Settings.Cluster.Addons[name])
		addon.Version = versions[name]
		addons[name] = addon

		if addon.Version != "" && addon.Version == pinned[name] {
			continue // the platform knows it
		}

		found, err := e.unofferedAddon(ctx, name, configured, provider)
		if err != nil {
			return nil, nil, err
		}

		problems = problems.With(found...)
	}

	return addons, problems, nil
}

// unofferedAddon refuses an add-on that EKS does not have for the minor, one without a version, and one with a version
// later than the latest that EKS has.
func (e *Environment) unofferedAddon(
	ctx *pulumi.Context, name, configured string, provider *aws.Provider,
) (config.Problems, error) {
	minor, path := e.Settings.Cluster.Version, config.Member(addonsPath, name)

	version, err := cluster.AddonVersion(ctx, name, minor, configured != "", pulumi.Provider(provider))

	problem := config.Problem{
		Path: path + ".version", Got: fmt.Sprintf("%q", configured),
		Expected: fmt.Sprintf("a version that EKS has for Kubernetes %s: the latest is %s", minor, version),
		Fix:      config.SetCommand(e.Name, path+".version", version),
	}

	switch {
	case errors.Is(err, cluster.ErrNoAddon):
		return e.unknownAddon(ctx, name, provider)
	case err != nil:
		return nil, err
	case configured == "":
		problem.Got = "nothing"
		problem.Expected = "a version, so that the same commit deploys the same add-on on any day (EKS installs " + version +
			" today)"
	case configured == version:
		return nil, nil
	case settings.CompareAddonVersions(configured, version) < 0:
		return nil, e.warnOfEarlierAddon(ctx, name, configured, provider)
	}

	return config.Problems{problem}, nil
}

// unknownAddon refuses an add-on that EKS does not have. The fix moves its settings to the add-on that was probably
// meant, if EKS has that one.
func (e *Environment) unknownAddon(
	ctx *pulumi.Context, name string, provider *aws.Provider,
) (config.Problems, error) {
	minor, path := e.Settings.Cluster.Version, config.Member(addonsPath, name)
	problem := config.Problem{
		Path: path, Got: fmt.Sprintf("%q", name), Fix: config.RemoveCommand(e.Name, path),
		Expected: "the name of an add-on that EKS has for Kubernetes " + minor,
	}

	meant := config.Nearest(name, slices.DeleteFunc(plan.KnownAddons(), func(known string) bool {
		_, configured := e.Settings.Cluster.Addons[known]

		return configured
	}))
	if meant == "" {
		return config.Problems{problem}, nil
	}

	version, err := cluster.AddonVersion(ctx, meant, minor, false, pulumi.Provider(provider))

	switch {
	case errors.Is(err, cluster.ErrNoAddon):
	case err != nil:
		return nil, err
	default:
		problem.Expected += fmt.Sprintf(" (did you mean %s?)", meant)
		problem.Fix = e.renameAddon(name, meant, version)
	}

	return config.Problems{problem}, nil
}

// renameAddon is the command that moves the settings of an add-on to another one. It sets a version if neither the
// settings nor the platform pin one.
func (e *Environment) renameAddon(name, meant, version string) string {
	from, to := config.Member(addonsPath, name), config.Member(addonsPath, meant)

	fix := config.RemoveCommand(e.Name, from)
	if addon := e.Settings.Cluster.Addons[name]; addon.Version != "" || len(addon.Values) > 0 || addon.Role != nil {
		fix = config.MoveCommand(e.Name, e.values, from, to)
	}

	pinned := plan.Addons(e.Settings.Cluster.Version)[meant]
	if cmp.Or(e.Settings.Cluster.Addons[name].Version, pinned) == "" {
		fix = config.SetCommand(e.Name, to+".version", version) + " && " + fix
	}

	return fix
}

// warnOfEarlierAddon warns of a version that may not exist: AWS's provider looks up only the default and the latest
// version of an add-on, and EKS has others.
func (e *Environment) warnOfEarlierAddon(ctx *pulumi.Context, name, configured string, provider *aws.Provider) error {
	minor := e.Settings.Cluster.Version

	usual, err := cluster.AddonVersion(ctx, name, minor, false, pulumi.Provider(provider))
	if err != nil || usual == configured {
		return err
	}

	path := config.Member(addonsPath, name)

	return ctx.Log.Warn(fmt.Sprintf("%s.version: `pulumi up` fails if EKS does not have %s for Kubernetes %s, which a "+
		"preview cannot look up: ask EKS with `make doctor STACK=%s`, or take EKS's default; run: %s",
		path, configured, minor, e.Name, config.SetCommand(e.Name, path+".version", usual)), nil)
}

// clusterAddon converts an add-on of the settings to an argument of the component.
func clusterAddon(configured settings.Addon) cluster.Addon {
	addon := cluster.Addon{Version: configured.Version, Values: configured.Values}

	if configured.Role != nil {
		role := configured.Role.WithDefaults()
		addon.Role = &cluster.AddonRole{
			Namespace: role.Namespace, ServiceAccount: role.ServiceAccount, PolicyARNs: role.Policies,
		}
	}

	return addon
}
