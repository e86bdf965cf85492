package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/autoscaling/pool"
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

	for _, described := range e.Settings.Cluster.Autoscaling {
		for _, listed := range poolTypes(described) {
			types = append(types, listed...)
		}
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

	return problems.With(e.unofferedInPools(missing, zones)...), nil
}

// poolTypes returns the instance types of each family or type that a pool lists. A family has some of these sizes.
func poolTypes(described pool.Pool) [][]string {
	var listed [][]string

	for _, family := range described.InstanceFamilies {
		var sizes []string
		for _, size := range []string{"small", "medium", "large", "xlarge", "2xlarge", "4xlarge"} {
			sizes = append(sizes, family+"."+size)
		}

		listed = append(listed, sizes)
	}

	for _, name := range described.InstanceTypes {
		listed = append(listed, []string{name})
	}

	return listed
}

// unofferedInPools refuses families and types of pools that no zone offers: Karpenter would never launch them. missing
// are the zones without each type.
func (e *Environment) unofferedInPools(missing map[string][]string, zones []string) config.Problems {
	var problems config.Problems

	pools := e.Settings.Cluster.Autoscaling

	for _, name := range slices.Sorted(maps.Keys(pools)) {
		field, names := "instanceFamilies", pools[name].InstanceFamilies
		if len(names) == 0 {
			field, names = "instanceTypes", pools[name].InstanceTypes
		}

		for i, types := range poolTypes(pools[name]) {
			if slices.ContainsFunc(types, func(one string) bool { return len(missing[one]) < len(zones) }) {
				continue
			}

			path := config.Element(config.Member("platform:cluster.autoscaling", name)+"."+field, i)
			problems = append(problems, config.Problem{
				Path: path, Got: fmt.Sprintf("%q", names[i]), Fix: config.RemoveCommand(e.Name, path),
				Expected: fmt.Sprintf("instances that EC2 offers in %s, in at least one zone of the environment",
					e.Settings.Region),
			})
		}
	}

	return problems
}
