package stacks

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/config"
)

// unoffered returns the services' endpoints, and refuses zones, endpoints and instance types that the account does not
// offer.
func (e *Environment) unoffered(ctx *pulumi.Context, provider *aws.Provider) (
	map[string]string, config.Problems, error,
) {
	offered, err := network.OfferedZones(ctx, e.Settings.Region, pulumi.Provider(provider))
	if err != nil {
		return nil, nil, err
	}

	endpoints, problems := make(map[string]string), e.unofferedZones(offered)
	usable := slices.DeleteFunc(slices.Clone(e.Settings.Network.Zones), func(zone string) bool {
		return !slices.Contains(offered, zone)
	})

	for i, service := range e.Settings.Network.InterfaceEndpoints {
		name, missing, err := network.FindEndpoint(ctx, e.Settings.Region, service, usable, pulumi.Provider(provider))
		if err != nil {
			return nil, nil, err
		}

		endpoints[service] = name

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

	types, err := e.unofferedTypes(ctx, provider, usable)

	return endpoints, problems.With(types...), err
}

func (e *Environment) unofferedZones(offered []string) config.Problems {
	if e.Settings.Network.Existing != nil {
		return nil // its subnets are looked up
	}

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
