// Package stacks deploys an environment: it loads the settings, checks them against the account, and connects the
// components.
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
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// Environment is a known stack with valid settings.
type Environment struct {
	// Name is the name of the stack, such as "sandbox".
	Name     string
	Settings settings.Settings
	// Now is the time of the run. It decides whether a Kubernetes version is still supported.
	Now time.Time

	policy policy
}

// policy holds the properties of an environment that no setting changes.
type policy struct {
	// highlyAvailable environments survive the loss of a zone.
	highlyAvailable bool
	// keepsData environments leave snapshots behind, with the key that reads them, and are protected unless the settings
	// disable it.
	keepsData bool
	// openAPI environments may allow connections to the API server from the whole internet. The API server still
	// authenticates every request.
	openAPI bool
	// logRetentionDays is how long logs are kept.
	logRetentionDays int
	// keyDeletionWindowDays is how long the deletion of a key can be cancelled.
	keyDeletionWindowDays int
}

// public returns the exported part of the policy.
func (p policy) public() Policy {
	return Policy{HighlyAvailable: p.highlyAvailable, KeepsData: p.keepsData, OpenAPI: p.openAPI}
}

// policies returns the policies of the known environments. Each environment has a stack file,
// Pulumi.<environment>.yaml.
func policies() map[string]policy {
	return map[string]policy{"sandbox": sandbox(), "staging": staging()}
}

// Load returns the environment of a stack. folder is the project's folder, which has the stack files of the other
// environments. The error has one line for each problem.
func Load(stack string, values config.Values, folder string, now time.Time) (*Environment, error) {
	policy, known := policies()[stack]
	if !known {
		names := slices.Sorted(maps.Keys(policies()))

		return nil, fmt.Errorf("stack: got %q, expected one of %s; run: pulumi stack select %s",
			stack, strings.Join(names, ", "), names[0])
	}

	neighbours, err := settings.ReadNeighbours(folder, stack)
	if err != nil {
		return nil, fmt.Errorf("reading the other environments: %w", err)
	}

	loaded, problems := settings.Load(stack, values, neighbours)
	environment := &Environment{Name: stack, Settings: loaded, Now: now, policy: policy}

	unrendered, err := environment.unrendered(checkout)
	if err != nil {
		return nil, err
	}

	problems = problems.With(environment.unavailable()...).With(environment.openedAPI()...).With(unrendered...)
	if len(problems) > 0 {
		return nil, problems
	}

	return environment, nil
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
		{"platform:network.nat", loaded.Network.NAT == nat, fmt.Sprintf("%q", loaded.Network.NAT), string(nat), string(nat)},
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
