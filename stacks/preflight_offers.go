package stacks

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// unoffered refuses zones and endpoints that the account does not offer.
func (e *Environment) unoffered(ctx *pulumi.Context, provider *aws.Provider) (config.Problems, error) {
	offered, err := network.OfferedZones(ctx, e.Settings.Region, pulumi.Provider(provider))
	if err != nil {
		return nil, err
	}

	problems := e.unofferedZones(offered)
	usable := slices.DeleteFunc(slices.Clone(e.Settings.Network.Zones), func(zone string) bool {
		return !slices.Contains(offered, zone)
	})

	for i, service := range e.Settings.Network.InterfaceEndpoints {
		missing, err := network.ZonesWithoutEndpoint(ctx, e.Settings.Region, service, usable, pulumi.Provider(provider))
		if err != nil {
			return nil, err
		}

		if len(missing) > 0 {
			path := config.Element("platform:network.interfaceEndpoints", i)
			problems = problems.With(config.Problem{
				Path: path,
				Got:  fmt.Sprintf("%q", service),
				Expected: fmt.Sprintf("a service with an interface endpoint and private DNS in every zone of the environment "+
					"(none in %s)", strings.Join(missing, ", ")),
				Fix: config.RemoveCommand(e.Name, path),
			})
		}
	}

	return problems, nil
}

func (e *Environment) unofferedZones(offered []string) config.Problems {
	var problems config.Problems

	zones := e.Settings.Network.Zones
	unused := slices.DeleteFunc(slices.Clone(offered), func(zone string) bool { return slices.Contains(zones, zone) })

	for i, zone := range zones {
		if slices.Contains(offered, zone) {
			continue
		}

		path := config.Element("platform:network.zones", i)
		fix := config.RemoveCommand(e.Name, path)

		if len(unused) > 0 {
			fix = config.SetCommand(e.Name, path, unused[0])
			unused = unused[1:]
		}

		problems = append(problems, config.Problem{
			Path: path,
			Got:  fmt.Sprintf("%q", zone),
			Expected: fmt.Sprintf("a zone that this account offers in %s and EKS accepts: %s",
				e.Settings.Region, strings.Join(offered, ", ")),
			Fix: fix,
		})
	}

	return problems
}

// addons are the essential add-ons and those of the settings, each with the version that the settings or the platform
// pin. An add-on without a version is a problem, whose fix sets the version that EKS installs today. If the version
// were looked up on each run, the same commit would make another plan on another day.
func (e *Environment) addons(ctx *pulumi.Context, provider *aws.Provider) (
	map[string]cluster.Addon, config.Problems, error,
) {
	pinned := plan.Addons(e.Settings.Cluster.Version)

	var problems config.Problems

	addons := make(map[string]cluster.Addon)

	for _, name := range e.addonNames() {
		addon := clusterAddon(e.Settings.Cluster.Addons[name])
		addon.Version = cmp.Or(addon.Version, pinned[name])

		if addon.Version == "" {
			problem, err := e.unpinnedAddon(ctx, name, provider)
			if err != nil {
				return nil, nil, err
			}

			problems = problems.With(problem)
		}

		addons[name] = addon
	}

	return addons, problems, nil
}

func (e *Environment) unpinnedAddon(ctx *pulumi.Context, name string, provider *aws.Provider) (config.Problem, error) {
	minor := e.Settings.Cluster.Version

	version, err := cluster.AddonVersion(ctx, name, minor, pulumi.Provider(provider))

	switch path := config.Member("platform:cluster.addons", name); {
	case errors.Is(err, cluster.ErrNoAddon):
		return config.Problem{
			Path:     path,
			Got:      fmt.Sprintf("%q", name),
			Expected: "the name of an add-on that EKS has for Kubernetes " + minor,
			Fix:      config.RemoveCommand(e.Name, path),
		}, nil
	case err != nil:
		return config.Problem{}, err
	default:
		return config.Problem{
			Path: path + ".version",
			Got:  "nothing",
			Expected: "a version, so that the same commit deploys the same add-on on any day (EKS installs " + version +
				" today)",
			Fix: config.SetCommand(e.Name, path+".version", version),
		}, nil
	}
}

// addonNames are the names of all add-ons, sorted.
func (e *Environment) addonNames() []string {
	names := slices.AppendSeq(cluster.EssentialAddons(), maps.Keys(e.Settings.Cluster.Addons))
	slices.Sort(names)

	return slices.Compact(names)
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
