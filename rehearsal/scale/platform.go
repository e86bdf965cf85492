package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/state"
)

// The stores of the two kinds of services.
const (
	mysql = "mysql"
	redis = "redis"
)

// settings are those of a stack file that decide how much fits.
type settings struct {
	Config struct {
		Network struct {
			Zones []string `yaml:"zones"`
		} `yaml:"platform:network"`
		Cluster struct {
			Nodes map[string]struct {
				InstanceTypes []string `yaml:"instanceTypes"`
				Min           int      `yaml:"min"`
			} `yaml:"nodes"`
			Autoscaling map[string]pool `yaml:"autoscaling"`
		} `yaml:"platform:cluster"`
		Database struct {
			InstanceClass string `yaml:"instanceClass"`
		} `yaml:"platform:database"`
		Cache struct {
			NodeType string `yaml:"nodeType"`
		} `yaml:"platform:cache"`
		GitOps struct {
			HighlyAvailable bool `yaml:"highlyAvailable"`
		} `yaml:"platform:gitops"`
		Apps map[string]struct {
			Needs []string `yaml:"needs"`
		} `yaml:"platform:apps"`
	} `yaml:"config"`
}

// pool limits the nodes that Karpenter may launch.
type pool struct {
	InstanceFamilies []string `yaml:"instanceFamilies"`
	InstanceTypes    []string `yaml:"instanceTypes"`
	MaxVCPUs         int      `yaml:"maxVcpus"`
	MaxMemoryGiB     int      `yaml:"maxMemoryGiB"`
}

// room is the capacity of nodes for pods, or the requests of pods: millicores, MiB and pods.
type room struct {
	CPU, Memory, Pods int
}

func (r room) plus(other room) room {
	return room{r.CPU + other.CPU, r.Memory + other.Memory, r.Pods + other.Pods}
}

func (r room) times(n int) room { return room{r.CPU * n, r.Memory * n, r.Pods * n} }

func (r room) holds(pods room) bool {
	return r.CPU >= pods.CPU && r.Memory >= pods.Memory && r.Pods >= pods.Pods
}

// platform is an environment, with what decides how far it grows.
type platform struct {
	settings

	name   string
	golden *state.State
	// each is what the smallest node offers, and largest is the number of pods on the largest.
	each    room
	largest int
	// pools is what the nodes of all pools offer at their limits.
	pools room
	// onNode are the platform's pods on each node, and system its other pods.
	onNode, system room
	// services has one service of each kind, by its store, which all others of the kind are like.
	services map[string]service
	// accountRoles is the number of roles that the account has without any environment.
	accountRoles int
}

// readPlatforms reads all environments, sorted by name.
func readPlatforms(repository fs.FS) ([]platform, error) {
	goldens, err := controls.ReadGoldens(repository, time.Time{})
	if err != nil {
		return nil, fmt.Errorf("reading the environments: %w", err)
	}

	var system map[string]room
	if err := readYAML(repository, "components/cluster/plan/system.yaml", &system); err != nil {
		return nil, err
	}

	account, err := controls.ReadGolden(repository, "infra/bootstrap/account/testdata/account.json", time.Time{})
	if err != nil {
		return nil, fmt.Errorf("reading the account: %w", err)
	}

	platforms := make([]platform, 0, len(goldens))

	for _, name := range slices.Sorted(maps.Keys(goldens)) {
		p := platform{name: name, golden: goldens[name].State, onNode: system["eachNode"], system: system["single"]}
		if err := readYAML(repository, "Pulumi."+name+".yaml", &p.settings); err != nil {
			return nil, err
		}

		p.accountRoles = (&platform{golden: account.State}).without(roleType)

		if p.Config.GitOps.HighlyAvailable {
			p.system = system["highlyAvailable"]
		}

		if err := errors.Join(p.readNodes(), p.readServices(repository)); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}

		platforms = append(platforms, p)
	}

	return platforms, nil
}

func readYAML(repository fs.FS, file string, target any) error {
	text, err := fs.ReadFile(repository, file)
	if err == nil {
		err = yaml.Unmarshal(text, target)
	}

	if err != nil {
		return fmt.Errorf("reading %s: %w", file, err)
	}

	return nil
}

// readNodes reads what the nodes offer. EC2 chooses the instance type.
func (p *platform) readNodes() error {
	for kind, nodes := range p.Config.Cluster.Nodes {
		for _, name := range nodes.InstanceTypes {
			offered, known := facts.AllocatableOf(name)
			if !known {
				return fmt.Errorf("the kind of nodes %s: nothing is known about %s; expected a type in "+
					"components/cluster/plan/allocatable.yaml", kind, name)
			}

			if found := room(offered); p.largest == 0 || p.each.holds(found) {
				p.each = found
			}

			p.largest = max(p.largest, offered.Pods)
		}
	}

	for name, described := range p.Config.Cluster.Autoscaling {
		offered, err := described.room(p.onNode)
		if err != nil {
			return fmt.Errorf("the pool %s: %w", name, err)
		}

		p.pools = p.pools.plus(offered)
	}

	return nil
}

// room returns what the nodes of a pool offer at its limits, of the type or large size that offers least.
func (p pool) room(onNode room) (room, error) {
	types := slices.Clone(p.InstanceTypes)
	for _, family := range p.InstanceFamilies {
		types = append(types, family+".large")
	}

	var least room

	for i, name := range types {
		offered, known := facts.AllocatableOf(name)
		if !known {
			return room{}, fmt.Errorf("nothing is known about %s; expected a type in "+
				"components/cluster/plan/allocatable.yaml", name)
		}

		all := room(offered).plus(onNode.times(-1)).times(offered.Within(p.MaxVCPUs, p.MaxMemoryGiB))

		if i == 0 {
			least = all
		}

		least = room{min(least.CPU, all.CPU), min(least.Memory, all.Memory), min(least.Pods, all.Pods)}
	}

	return least, nil
}

// fits reports whether the nodes have room for a number of services, as control C7 requires: all are released at the
// same time, with their most replicas.
func (p *platform) fits(services int) bool {
	nodes := p.nodesNow() * len(p.Config.Network.Zones)
	needed := p.system.plus(p.pair().times((services + 1) / 2)).plus(p.onNode.times(nodes))

	return p.each.times(nodes).plus(p.pools).holds(needed)
}

// pair returns what a service of each kind requests.
func (p *platform) pair() room { return p.services[mysql].pods.plus(p.services[redis].pods) }

// nodes returns the number of nodes in each zone that has room for a number of services, without pools: see fits.
func (p *platform) nodes(services int) int {
	needed := p.system.plus(p.pair().times((services + 1) / 2))
	zones := len(p.Config.Network.Zones)

	perZone := 1
	for !p.each.times(perZone * zones).holds(needed.plus(p.onNode.times(perZone * zones))) {
		perZone++
	}

	return perZone
}
