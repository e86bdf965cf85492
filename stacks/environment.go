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
		return nil, problems //nolint:wrapcheck // each is a sentence that needs no other
	}

	return &Environment{Name: stack, Settings: loaded, Now: now, policy: policy}, nil
}

// check finds what the settings promise less of than the environment must keep.
func (p policy) check(stack string, loaded settings.Settings) settings.Problems {
	return slices.Concat(p.checkNAT(stack, loaded), p.checkAPI(stack, loaded), p.checkStores(stack, loaded),
		p.checkGitOps(stack, loaded))
}

func (p policy) checkGitOps(stack string, loaded settings.Settings) settings.Problems {
	const path = "platform:gitops.highlyAvailable"

	if !p.highlyAvailable || loaded.GitOps.HighlyAvailable {
		return nil
	}

	return settings.Problems{{
		Path: path,
		Got:  "false",
		Want: fmt.Sprintf("true (%s is highly available)", stack),
		Mend: settings.SetCommand(stack, path, "true"),
	}}
}

// checkStores finds stores that a highly available environment would lose with a zone.
func (p policy) checkStores(stack string, loaded settings.Settings) settings.Problems {
	const multiAZPath, replicasPath = "platform:database.multiAz", "platform:cache.replicas"

	var problems settings.Problems

	if p.highlyAvailable && !loaded.Database.MultiAZ {
		problems = append(problems, settings.Problem{
			Path: multiAZPath,
			Got:  "false",
			Want: fmt.Sprintf("true (%s is highly available)", stack),
			Mend: settings.SetCommand(stack, multiAZPath, "true"),
		})
	}

	if p.highlyAvailable && loaded.Cache.Replicas < 1 {
		problems = append(problems, settings.Problem{
			Path: replicasPath,
			Got:  strconv.Itoa(loaded.Cache.Replicas),
			Want: fmt.Sprintf("one replica at least, which takes over (%s is highly available)", stack),
			Mend: settings.SetCommand(stack, replicasPath, "1"),
		})
	}

	return problems
}

func (p policy) checkNAT(stack string, loaded settings.Settings) settings.Problems {
	const path = "platform:network.nat"

	nat := loaded.Network.NAT
	if !p.highlyAvailable || nat == network.NATPerZone {
		return nil
	}

	return settings.Problems{{
		Path: path,
		Got:  fmt.Sprintf("%q", nat),
		Want: fmt.Sprintf("perZone (%s is highly available)", stack),
		Mend: settings.SetCommand(stack, path, string(network.NATPerZone)),
	}}
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
