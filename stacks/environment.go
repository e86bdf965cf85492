// Package stacks says what an environment is: settings in, components composed, outputs out.
package stacks

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/stacks/settings"
)

// Environment is a known stack with its settings, ready to be deployed.
type Environment struct {
	// Name is the stack's, such as "sandbox".
	Name     string
	Settings settings.Settings
	// Now is the time of the run: support of a Kubernetes version ends.
	Now time.Time

	policy policy
}

// policy is what an environment is, whoever tunes it.
type policy struct {
	// highlyAvailable environments survive the loss of a zone.
	highlyAvailable bool
	// keepsData environments leave snapshots behind, with the key that reads them, and are protected unless the settings
	// say otherwise.
	keepsData bool
	// openAPI environments may let anybody on the internet talk to the API server, which then asks who they are.
	openAPI bool
	// logRetentionDays is how long logs are kept.
	logRetentionDays int
	// keyDeletionWindowDays is how long a deleted key can be brought back.
	keyDeletionWindowDays int
}

// told is what of it the environment tells its users.
func (p policy) told() Policy {
	return Policy{HighlyAvailable: p.highlyAvailable, KeepsData: p.keepsData, OpenAPI: p.openAPI}
}

// protects reports whether what holds data, and what that is in, cannot be deleted.
func (e *Environment) protects() bool {
	if said := e.Settings.Environment.Protect; said != nil {
		return *said
	}

	return e.policy.keepsData
}

// policies are the known environments, by name.
func policies() map[string]policy {
	return map[string]policy{"sandbox": sandbox(), "staging": staging()}
}

// Load reads the environment of a stack from its configuration. folder is the project's, where the stack files
// of the other environments are. The error has a line for each problem.
func Load(stack string, config settings.Config, folder string, now time.Time) (*Environment, error) {
	policy, known := policies()[stack]
	if !known {
		names := slices.Sorted(maps.Keys(policies()))

		return nil, fmt.Errorf("stack: got %q, want one of %s; type: pulumi stack select %s",
			stack, strings.Join(names, ", "), names[0])
	}

	neighbours, err := settings.ReadNeighbours(folder, stack)
	if err != nil {
		return nil, fmt.Errorf("reading the other environments: %w", err)
	}

	loaded, problems := settings.Load(stack, config, neighbours)

	problems = problems.With(policy.check(stack, loaded)...)
	if len(problems) > 0 {
		return nil, problems
	}

	return &Environment{Name: stack, Settings: loaded, Now: now, policy: policy}, nil
}

// check finds what the settings promise less of than the environment must keep.
func (p policy) check(stack string, loaded settings.Settings) settings.Problems {
	return slices.Concat(p.checkAvailability(stack, loaded), p.checkAPI(stack, loaded))
}

// checkAvailability finds what a highly available environment would lose with a zone.
func (p policy) checkAvailability(stack string, loaded settings.Settings) settings.Problems {
	if !p.highlyAvailable {
		return nil
	}

	const nat, off, on = network.NATPerZone, "false", "true"

	var problems settings.Problems

	for _, wanted := range []struct {
		path             string
		has              bool
		got, want, value string
	}{
		{"platform:network.nat", loaded.Network.NAT == nat, fmt.Sprintf("%q", loaded.Network.NAT), string(nat), string(nat)},
		{"platform:database.multiAz", loaded.Database.MultiAZ, off, on, on},
		{
			"platform:cache.replicas", loaded.Cache.Replicas >= 1, strconv.Itoa(loaded.Cache.Replicas),
			"one replica at least, which takes over", "1",
		},
		{"platform:gitops.highlyAvailable", loaded.GitOps.HighlyAvailable, off, on, on},
	} {
		if !wanted.has {
			problems = append(problems, settings.Problem{
				Path: wanted.path,
				Got:  wanted.got,
				Want: fmt.Sprintf("%s (%s is highly available)", wanted.want, stack),
				Mend: settings.SetCommand(stack, wanted.path, wanted.value),
			})
		}
	}

	return problems
}

// anywhere is every address of IPv4.
var anywhere = netip.PrefixFrom(netip.IPv4Unspecified(), 0) //nolint:gochecknoglobals // a constant, if Go had such

func (p policy) checkAPI(stack string, loaded settings.Settings) settings.Problems {
	at := slices.Index(loaded.Cluster.PublicAccessCIDRs, anywhere)
	if p.openAPI || at < 0 {
		return nil
	}

	path := fmt.Sprintf("%s[%d]", publicAccessPath, at)

	return settings.Problems{{
		Path: path,
		Got:  fmt.Sprintf("%q", anywhere),
		Want: fmt.Sprintf("ranges from which people deploy (%s is not open to the internet)", stack),
		Mend: settings.RemoveCommand(stack, path),
	}}
}
