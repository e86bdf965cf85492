package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/internal/config"
)

// unofferedTypes refuses instance types that EC2 does not offer in every zone, because each kind of nodes has a group
// in each zone. The fix is another type that all zones offer, or removes the type. zones are offered by the account.
func (e *Environment) unofferedTypes(
	ctx *pulumi.Context, provider *aws.Provider, zones []string,
) (config.Problems, error) {
	var types []string

	kinds := e.Settings.Cluster.Nodes
	for _, kind := range kinds {
		types = append(append(types, kind.InstanceTypes...), kind.Unused()...)
	}

	slices.Sort(types)

	missing, err := cluster.ZonesWithoutTypes(ctx, e.Settings.Region, slices.Compact(types), zones,
		pulumi.Provider(provider))
	if err != nil {
		return nil, err
	}

	var problems config.Problems

	for _, name := range slices.Sorted(maps.Keys(kinds)) {
		offered := slices.DeleteFunc(kinds[name].Unused(), func(other string) bool { return len(missing[other]) > 0 })

		for i, instanceType := range kinds[name].InstanceTypes {
			if len(missing[instanceType]) == 0 {
				continue
			}

			path := config.Element(config.Member("platform:cluster.nodes", name)+".instanceTypes", i)
			fix := config.RemoveCommand(e.Name, path)

			if len(offered) > 0 { // no type may be listed twice
				fix = config.SetCommand(e.Name, path, offered[0])
				offered = offered[1:]
			}

			problems = append(problems, config.Problem{
				Path: path, Got: fmt.Sprintf("%q", instanceType), Fix: fix,
				Expected: fmt.Sprintf("an instance type that EC2 offers in every zone of the environment (not in %s)",
					strings.Join(missing[instanceType], ", ")),
			})
		}
	}

	return problems, nil
}
