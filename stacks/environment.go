// Package stacks says what an environment is: settings in, components composed, outputs out.
package stacks

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/stacks/settings"
)

// Environment is a known stack with its settings, ready to be deployed.
type Environment struct {
	// Name is the stack's, such as "sandbox".
	Name     string
	Settings settings.Settings

	policy policy
}

// policy is what an environment is, whoever tunes it.
type policy struct {
	// highlyAvailable environments survive the loss of a zone.
	highlyAvailable bool
	// logRetentionDays is how long logs are kept.
	logRetentionDays int
	// keyDeletionWindowDays is how long a deleted key can be brought back.
	keyDeletionWindowDays int
}

// policies are the known environments, by name.
func policies() map[string]policy {
	return map[string]policy{"sandbox": sandbox(), "staging": staging()}
}

// Load reads the environment of a stack from its configuration. folder is the project's, where the stack files
// of the other environments are. The error has a line for each problem.
func Load(stack string, config settings.Config, folder string) (*Environment, error) {
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

	return &Environment{Name: stack, Settings: loaded, policy: policy}, nil
}

// check finds what the settings promise less of than the environment must keep.
func (p policy) check(stack string, loaded settings.Settings) settings.Problems {
	const path = "platform:network.nat"

	if nat := loaded.Network.NAT; p.highlyAvailable && nat != network.NATPerZone {
		return settings.Problems{{
			Path: path,
			Got:  fmt.Sprintf("%q", nat),
			Want: fmt.Sprintf("perZone (%s is highly available)", stack),
			Mend: settings.SetCommand(stack, path, string(network.NATPerZone)),
		}}
	}

	return nil
}
