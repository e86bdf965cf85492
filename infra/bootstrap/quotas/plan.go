package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/stacks/settings"
)

// quota is one of AWS's service quotas, which hold for all environments in one region of an account.
type quota struct {
	name, service, code string
	// standard is AWS's default. A new account can have less (Service Quotas, "AWS default quota value").
	standard int
	// shared is what the account uses without any environment.
	shared int
	// need is what an environment uses at most.
	need func(settings.Settings) (need, error)
}

// need is what an environment needs of a quota.
type need struct {
	count int
	// why explains the count.
	why []string
	// unknown are instance types that the count ignores.
	unknown []string
}

// quotas returns the quotas that an environment can exceed in a new account.
func quotas() []quota {
	return []quota{
		{
			name: "All Standard Spot Instance Requests, vCPUs", service: "ec2", code: "L-34B43A08", standard: 5,
			need: vcpus(plan.Spot),
		},
		{
			name: "Running On-Demand Standard instances, vCPUs", service: "ec2", code: "L-1216C47A", standard: 5,
			need: vcpus(plan.OnDemand),
		},
		{
			name: "Elastic IP addresses, one for each NAT gateway", service: "ec2", code: "L-0263D0A3", standard: 5,
			need: addresses,
		},
		{
			name: "VPCs in a region, the default VPC among them", service: "vpc", code: "L-F678F1CE", standard: 5, shared: 1,
			need: func(settings.Settings) (need, error) { return need{count: 1}, nil },
		},
	}
}

// vcpus counts the vCPUs of all node groups of one capacity at their peaks: the groups of all zones can be updated at
// the same time.
func vcpus(capacity plan.Capacity) func(settings.Settings) (need, error) {
	return func(configured settings.Settings) (need, error) {
		groups, err := plan.NodeGroups(configured.Cluster.Nodes, configured.Network.Zones)
		if err != nil {
			return need{}, fmt.Errorf("planning the node groups: %w", err)
		}

		var found need

		for _, group := range groups {
			if group.Capacity != capacity {
				continue
			}

			each, unknown := group.VCPUs()
			found.count += group.Peak() * each

			if group.Zone == groups[0].Zone { // each zone has a group of the kind
				found.why = append(found.why,
					fmt.Sprintf("%d zones × %d nodes × %d", len(configured.Network.Zones), group.Peak(), each))
				found.unknown = append(found.unknown, unknown...)
			}
		}

		return found, nil
	}
}

func addresses(configured settings.Settings) (need, error) {
	switch configured.Network.NAT {
	case network.NATPerZone:
		return need{count: len(configured.Network.Zones)}, nil
	case network.NATSingle:
		return need{count: 1}, nil
	case network.NATNone:
	}

	return need{}, nil
}

// needsOf returns what each environment needs of each quota, by the quota's code and in the order of the environments.
func needsOf(environments []environment) (map[string][]need, error) {
	needs := make(map[string][]need)

	for _, q := range quotas() {
		for _, e := range environments {
			found, err := q.need(e.settings)
			if err != nil {
				return nil, fmt.Errorf("quota %s of %s: %w", q.code, e.name, err)
			}

			needs[q.code] = append(needs[q.code], found)
		}
	}

	return needs, nil
}

// render writes the table, and the commands that request more than AWS's defaults.
func render(environments []environment, needs map[string][]need) string {
	header, rule := "| quota | service, code | default |", "|---|---|---|"
	for _, e := range environments {
		header, rule = header+" "+e.name+" |", rule+"---|"
	}

	lines := []string{header + " together |", rule + "---|"}

	var requests []string

	for _, q := range quotas() {
		cells := []string{q.name, fmt.Sprintf("`%s` `%s`", q.service, q.code), strconv.Itoa(q.standard)}
		sum := q.shared

		for _, n := range needs[q.code] {
			cells = append(cells, n.String())
			sum += n.count
		}

		lines = append(lines, fmt.Sprintf("| %s | %d |", strings.Join(cells, " | "), sum))

		if sum > q.standard {
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
func request(q quota, value int) string {
	of := fmt.Sprintf("--service-code %s --quota-code %s", q.service, q.code)

	return fmt.Sprintf("aws service-quotas get-service-quota %s --query Quota.Value\n"+
		"aws service-quotas request-service-quota-increase %s --desired-value %d", of, of, value)
}

// String returns the cell of the table.
func (n need) String() string {
	switch {
	case len(n.unknown) > 0:
		return fmt.Sprintf("at least %d: look up the vCPUs of %s", n.count, strings.Join(n.unknown, ", "))
	case n.count == 0:
		return "–"
	case len(n.why) > 0:
		return fmt.Sprintf("%d: %s", n.count, strings.Join(n.why, " + "))
	default:
		return strconv.Itoa(n.count)
	}
}
