// Package stacks deploys an environment: it loads the settings, checks them against the account, and connects the
// components.
package stacks

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// Environment is a stack with valid settings.
type Environment struct {
	// Name is the name of the stack, such as "sandbox".
	Name     string
	Settings settings.Settings
	// Now is the time of the run. It decides whether a Kubernetes version is still supported.
	Now time.Time

	policy policy
	// values are the settings as they are written, for fixes that move one.
	values config.Values
}

// Load returns the environment of a stack. folder is the project's folder, which has the stack files of the other
// environments. The error has one line for each problem.
func Load(stack string, values config.Values, folder string, now time.Time) (*Environment, error) {
	if len(values) == 0 {
		return nil, unknown(stack, folder)
	}

	neighbours, err := settings.ReadNeighbours(folder, stack)
	if err != nil {
		return nil, fmt.Errorf("reading the other environments: %w", err)
	}

	loaded, problems := settings.Load(stack, values, neighbours)
	environment := &Environment{Name: stack, Settings: loaded, Now: now, values: values}

	// Without a class, no setting violates its policy.
	if policy, known := policies()[loaded.Environment.Class]; known {
		environment.policy = policy
		problems = problems.With(environment.unavailable()...).With(environment.openedAPI()...)
	}

	unrendered, err := environment.unrendered(checkout)
	if err != nil {
		return nil, err
	}

	problems = problems.With(unrendered...)
	if len(problems) > 0 {
		return nil, problems
	}

	return environment, nil
}

// unknown is the problem of a stack without settings.
func unknown(stack, folder string) error {
	names, err := config.Stacks(folder)
	if err != nil {
		return fmt.Errorf("looking for the environments: %w", err)
	}

	return config.Problems{{
		Path: "stack", Got: fmt.Sprintf("%q", stack),
		Expected: fmt.Sprintf("one with a stack file, %s, or a new environment", strings.Join(names, ", ")),
		Fix:      fmt.Sprintf("make environment NAME=%s LIKE=%s", stack, names[0]),
	}}.With(settings.CheckName(stack, names)...)
}

// unavailable refuses settings with which a highly available environment would not survive the loss of a zone.
func (e *Environment) unavailable() config.Problems {
	if !e.policy.highlyAvailable {
		return nil
	}

	const nat, off, on = network.NATPerZone, "false", "true"

	loaded := e.Settings

	var problems config.Problems

	for _, required := range []struct {
		path                 string
		met                  bool
		got, expected, value string
	}{
		{
			"platform:network.nat", loaded.Network.Existing != nil || loaded.Network.NAT == nat,
			fmt.Sprintf("%q", loaded.Network.NAT), string(nat), string(nat),
		},
		{"platform:database.multiAz", loaded.Database.MultiAZ, off, on, on},
		{
			"platform:cache.replicas", loaded.Cache.Replicas >= 1, strconv.Itoa(loaded.Cache.Replicas),
			"at least one replica, for failover", "1",
		},
		{"platform:gitops.highlyAvailable", loaded.GitOps.HighlyAvailable, off, on, on},
	} {
		if !required.met {
			problems = append(problems, config.Problem{
				Path: required.path,
				Got:  required.got,
				Expected: fmt.Sprintf("%s, because %s must survive the loss of a zone",
					required.expected, e.Name),
				Fix: config.SetCommand(e.Name, required.path, required.value),
			})
		}
	}

	return problems
}

// openedAPI refuses access to the API server from the whole internet where the policy does not allow it.
func (e *Environment) openedAPI() config.Problems {
	path, open := e.anywhere()
	if e.policy.openAPI || !open {
		return nil
	}

	return config.Problems{{
		Path:     path,
		Got:      `"0.0.0.0/0"`,
		Expected: fmt.Sprintf("the ranges of clients that deploy: the API server of %s must not be public", e.Name),
		Fix:      config.RemoveCommand(e.Name, path),
	}}
}

// anywhere returns the path of the setting that opens the API server to the whole internet, and whether there is one.
func (e *Environment) anywhere() (string, bool) {
	at := slices.Index(e.Settings.Cluster.PublicAccessCIDRs, netip.PrefixFrom(netip.IPv4Unspecified(), 0))

	return config.Element("platform:cluster.publicAccessCidrs", at), at >= 0
}

// protects reports whether resources that hold data, and those that contain them, cannot be deleted.
func (e *Environment) protects() bool {
	if protect := e.Settings.Environment.Protect; protect != nil {
		return *protect
	}

	return e.policy.keepsData
}
