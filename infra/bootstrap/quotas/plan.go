package quotas

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/internal/nodes"
	"github.com/msur/platform/stacks/settings"
)

// Quota is one of AWS's service quotas, which hold for all environments in one region of an account.
type Quota struct {
	Name, Service, Code string
	// Default is AWS's default. A new account can have less (Service Quotas, "AWS default quota value").
	Default int
	// Shared is what the account uses without any environment.
	Shared int
	// Need is what an environment uses at most.
	Need func(settings.Settings) (Need, error)
}

// Need is what an environment needs of a quota.
type Need struct {
	Count int
	// Why explains the count.
	Why []string
	// Unknown are instance types that the count ignores.
	Unknown []string
}

// All returns the quotas that an environment can exceed in a new account.
func All() []Quota {
	return []Quota{
		{
			Name: "All Standard Spot Instance Requests, vCPUs", Service: "ec2", Code: "L-34B43A08", Default: 5,
			Need: vcpus(nodes.Spot),
		},
		{
			Name: "Running On-Demand Standard instances, vCPUs", Service: "ec2", Code: "L-1216C47A", Default: 5,
			Need: vcpus(nodes.OnDemand),
		},
		{
			Name: "Elastic IP addresses, one for each NAT gateway", Service: "ec2", Code: "L-0263D0A3", Default: 5,
			Need: addresses,
		},
		{
			Name: "VPCs in a region, the default VPC among them", Service: "vpc", Code: "L-F678F1CE", Default: 5, Shared: 1,
			Need: func(configured settings.Settings) (Need, error) {
				if configured.Network.Existing != nil {
					return Need{}, nil
				}

				return Need{Count: 1}, nil
			},
		},
	}
}

// vcpus counts the vCPUs of all node groups of one capacity at their peaks, because the groups of all zones can be
// updated at the same time, and the limits of the pools that may have this capacity.
func vcpus(capacity nodes.Capacity) func(settings.Settings) (Need, error) {
	return func(configured settings.Settings) (Need, error) {
		groups, err := plan.NodeGroups(configured.Cluster.Nodes, configured.Network.Zones)
		if err != nil {
			return Need{}, fmt.Errorf("planning the node groups: %w", err)
		}

		var found Need

		for _, group := range groups {
			if group.Capacity != capacity {
				continue
			}

			each, unknown := group.VCPUs()
			found.Count += group.Peak() * each

			if group.Zone == groups[0].Zone { // each zone has a group of the kind
				found.Why = append(found.Why,
					fmt.Sprintf("%d zones × %d nodes × %d", len(configured.Network.Zones), group.Peak(), each))
				found.Unknown = append(found.Unknown, unknown...)
			}
		}

		for _, name := range slices.Sorted(maps.Keys(configured.Cluster.Autoscaling)) {
			described := configured.Cluster.Autoscaling[name].WithDefaults()
			if slices.Contains(described.Capacities, capacity) {
				found.Count += described.MaxVCPUs
				found.Why = append(found.Why, fmt.Sprintf("%d of the pool %s", described.MaxVCPUs, name))
			}
		}

		return found, nil
	}
}

func addresses(configured settings.Settings) (Need, error) {
	switch configured.Network.NAT {
	case network.NATPerZone:
		return Need{Count: len(configured.Network.Zones)}, nil
	case network.NATSingle:
		return Need{Count: 1}, nil
	case network.NATNone:
	}

	return Need{}, nil
}

// needsOf returns what each environment needs of each quota, by the quota's code and in the order of the environments.
func needsOf(environments []environment) (map[string][]Need, error) {
	needs := make(map[string][]Need)

	for _, q := range All() {
		for _, e := range environments {
			found, err := q.Need(e.settings)
			if err != nil {
				return nil, fmt.Errorf("quota %s of %s: %w", q.Code, e.name, err)
			}

			needs[q.Code] = append(needs[q.Code], found)
		}
	}

	return needs, nil
}

// render writes the table, and the commands that request more than AWS's defaults.
func render(environments []environment, needs map[string][]Need) string {
	header, rule := "| quota | service, code | default |", "|---|---|---|"
	for _, e := range environments {
		header, rule = header+" "+e.name+" |", rule+"---|"
	}

	lines := []string{header + " together |", rule + "---|"}

	var requests []string

	for _, q := range All() {
		cells := []string{q.Name, fmt.Sprintf("`%s` `%s`", q.Service, q.Code), strconv.Itoa(q.Default)}
		sum := q.Shared

		for _, n := range needs[q.Code] {
			cells = append(cells, n.String())
			sum += n.Count
		}

		lines = append(lines, fmt.Sprintf("| %s | %d |", strings.Join(cells, " | "), sum))

		if sum > q.Default {
			requests = append(requests, request(q, sum))
		}
	}

	text := strings.Join(lines, "\n") + "\n"
	if len(requests) > 0 {
		text += "\n```sh account\n" + strings.Join(requests, "\n") + "\n```\n"
	}

	return text
}

// request returns the commands that show a quota and request an increase.
func request(q Quota, value int) string {
	of := fmt.Sprintf("--service-code %s --quota-code %s", q.Service, q.Code)

	return fmt.Sprintf("aws service-quotas get-service-quota %s --query Quota.Value\n"+
		"aws service-quotas request-service-quota-increase %s --desired-value %d", of, of, value)
}

// String returns the cell of the table.
func (n Need) String() string {
	switch {
	case len(n.Unknown) > 0:
		return fmt.Sprintf("at least %d: look up the vCPUs of %s", n.Count, strings.Join(n.Unknown, ", "))
	case n.Count == 0:
		return "–"
	case len(n.Why) > 0:
		return fmt.Sprintf("%d: %s", n.Count, strings.Join(n.Why, " + "))
	default:
		return strconv.Itoa(n.Count)
	}
}
