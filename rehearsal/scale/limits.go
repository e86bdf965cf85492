package main

import (
	"encoding/json"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/facts"
	"github.com/msur/platform/rehearsal/state"
)

// limit is something that a growing number of services exhausts.
type limit struct {
	// Then is what to do when the limit is reached.
	Name, Source, Then string
	// of returns the largest number of services in an environment that stays within the limit, and At has all of them. The
	// services alternate between the two kinds.
	of func(p *platform) int
	At []int
}

const roleType = "aws:iam/role:Role"

// unlimited is the number of services that fit if services use nothing.
const unlimited = math.MaxInt

// pairs returns the number of services that fit if so much is used without services, and so much more by each pair.
func pairs(most, base, pair int) int {
	if pair == 0 {
		return unlimited
	}

	return 2 * max(0, (most-base)/pair)
}

// storeLimits returns the limits of the database and the cache.
func storeLimits() []limit {
	return []limit{
		{
			"Connections to MySQL: 60 for each GiB of the instance class", "Amazon RDS User Guide, \"Quotas and constraints " +
				"for Amazon RDS\": `{DBInstanceClassMemory/12582880}`; RDS itself uses a quarter of the memory",
			"a larger `platform:database.instanceClass`, or fewer `store.maxConnections` in the charts; `make test` fails " +
				"before a release does",
			func(p *platform) int {
				const perGiB, mebi = 60, 1024

				memory := facts.DatabaseMemoryMiB(p.Config.Database.InstanceClass) / mebi

				return pairs(memory*perGiB, 0, p.services[mysql].connections)
			}, nil,
		},
		{
			"Connections to the cache: 20,000 on burstable nodes, otherwise 65,000", "Amazon ElastiCache User Guide, " +
				"\"Valkey and Redis OSS parameters\": maxclients",
			"a `platform:cache.nodeType` that is not burstable, or a smaller `REDIS_MAX_CONNECTIONS`",
			func(p *platform) int {
				most := 65_000
				if strings.HasPrefix(p.Config.Cache.NodeType, "cache.t") {
					most = 20_000
				}

				return pairs(most, 0, p.services[redis].connections)
			}, nil,
		},
		{
			"Users of the cache: 100 in a user group, and a cache has one group", "Amazon ElastiCache User Guide, " +
				"\"Quotas for ElastiCache\": users per user group, user groups per replication group",
			"a higher quota (Service Quotas, ElastiCache), or a second environment",
			func(p *platform) int {
				const most = 100

				return pairs(most, 0, p.perPair("aws:elasticache/user:User"))
			}, nil,
		},
	}
}

// accountLimits returns the quotas of the account and the limits of objects in the cluster. AWS's numbers are the
// defaults.
func accountLimits(platforms []platform) []limit {
	// each returns the limit of a type.
	each := func(most int, resourceType string) func(*platform) int {
		return func(p *platform) int { return pairs(most, p.without(resourceType), p.perPair(resourceType)) }
	}

	return []limit{
		{
			"IAM roles: 1,000 in an account, if every service is in every environment",
			"IAM User Guide, \"IAM and AWS STS quotas\"", "a higher quota, up to 5,000, or an account for each environment",
			func(*platform) int {
				const most = 1000

				base, pair := platforms[0].accountRoles, 0

				for i := range platforms {
					p := &platforms[i]
					pair += p.perPair(roleType)
					base += p.without(roleType)
				}

				return pairs(most, base, pair)
			}, nil,
		},
		{
			"Pod Identity associations: 5,000 in a cluster, and never more", "Amazon EKS User Guide, \"Learn how EKS Pod " +
				"Identity grants pods access to AWS services\", Limits", "a second environment",
			each(5000, "aws:eks/podIdentityAssociation:PodIdentityAssociation"), nil,
		},
		{
			"The ApplicationSet: 1.5 MiB in etcd; its status has about 200 bytes for each service",
			"etcd, \"System limits\"; argoproj/argo-cd#24689", "the Git generator of Argo CD in place of the list",
			func(p *platform) int {
				const most, status = 3 << 19, 200

				set, list, services := p.applications()
				if services == 0 {
					return unlimited
				}

				return pairs(most, set-list, 2*(list/services+status))
			}, nil,
		},
		{
			"Rules of a security group: 60", "Amazon VPC User Guide, \"Amazon VPC quotas\"",
			"services add none: their pods have the group of the nodes",
			each(60, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"), nil,
		},
		{
			"Listeners of the load balancer: 50", "User Guide for Network Load Balancers, \"Quotas for your Network Load " +
				"Balancers\"", "services add none: Traefik routes to them", each(50, "aws:lb/listener:Listener"), nil,
		},
	}
}

// nodeLimits returns the limits that nodes reach first: the more services, the more nodes.
func nodeLimits() []limit {
	while := func(fits func(p *platform, services int) bool) func(*platform) int {
		return func(p *platform) int {
			if p.pair().Pods == 0 {
				return unlimited
			}

			services := 0
			for fits(p, services+2) {
				services += 2
			}

			return services
		}
	}
	// Karpenter's nodes are in no group: they are no targets of the load balancer.
	inGroups := func(most func(*platform) int) func(*platform) int {
		return func(p *platform) int {
			if len(p.Config.Cluster.Autoscaling) > 0 {
				return unlimited
			}

			return while(func(p *platform, services int) bool { return p.nodes(services) <= most(p) })(p)
		}
	}

	return []limit{
		{
			"CPU, memory and addresses for pods on the nodes that the stack file allows, if everything is released at the " +
				"same time", "[C7](scorecard.md); components/cluster/plan/allocatable.yaml",
			"higher limits of a pool in `platform:cluster.autoscaling`, and the " +
				"[quota](../infra/bootstrap/README.md#quotas) for them",
			while((*platform).fits), nil,
		},
		{
			"Targets of the load balancer: 500 with cross-zone balancing, two for each node of a group", "User Guide for " +
				"Network Load Balancers, \"Quotas for your Network Load Balancers\"",
			"pools, whose nodes are no targets",
			inGroups(func(p *platform) int {
				const most = 500

				return most / (len(p.Config.Network.Zones) * p.without("aws:lb/targetGroup:TargetGroup"))
			}), nil,
		},
		{
			"Nodes: 450 in a node group, and a kind of nodes has one in each zone", "Amazon EKS User Guide, \"View and " +
				"manage Amazon EKS and Fargate service quotas\"", "pools, whose nodes are in no group",
			inGroups(func(*platform) int { return 450 }), nil,
		},
		{
			"Addresses of a private subnet, of which a node of the largest type takes all it can have", "Amazon VPC User " +
				"Guide, \"Subnet sizing\"; Amazon EKS Best Practices Guide, \"Amazon VPC CNI\"",
			"another zone, or an environment with a larger `platform:network.cidr`",
			while(func(p *platform, services int) bool { return p.nodes(services)*(p.largest+1) <= p.addresses() }), nil,
		},
	}
}

// limits returns the limits with the number of services in each environment.
func limits(platforms []platform) []limit {
	all := slices.Concat(nodeLimits(), storeLimits(), accountLimits(platforms))
	for i := range all {
		for k := range platforms {
			all[i].At = append(all[i].At, all[i].of(&platforms[k]))
		}
	}

	return all
}

// nodesNow returns the number of nodes in each zone.
func (p *platform) nodesNow() int {
	sum := 0
	for _, kind := range p.Config.Cluster.Nodes {
		sum += kind.Min
	}

	return sum
}

// addresses returns the number of addresses of the smallest private subnet. AWS reserves five.
func (p *platform) addresses() int {
	const reserved, bits = 5, 32

	least := 0

	for _, r := range p.golden.Resources {
		text, _ := r.Inputs["cidrBlock"].(string)
		if cidr, err := netip.ParsePrefix(text); err == nil && strings.HasPrefix(r.URN.Name(), "network-private-") {
			if size := 1<<(bits-cidr.Bits()) - reserved; least == 0 || size < least {
				least = size
			}
		}
	}

	return least
}

// of reports whether a resource exists because of a service.
func of(r state.Resource, service string) bool {
	return service != "" && strings.Contains("-"+r.URN.Name()+"-", "-"+service+"-")
}

// perPair returns the number of resources of a type that a service of each kind adds.
func (p *platform) perPair(resourceType string) int {
	return p.count(resourceType, func(r state.Resource) bool {
		return of(r, p.services[mysql].name) || of(r, p.services[redis].name)
	})
}

// without returns the number of resources of a type without any service.
func (p *platform) without(resourceType string) int {
	return p.count(resourceType, func(r state.Resource) bool {
		for name := range p.Config.Apps {
			if of(r, name) {
				return false
			}
		}

		return true
	})
}

// count returns the number of resources of a type that are meant.
func (p *platform) count(resourceType string, meant func(state.Resource) bool) int {
	sum := 0

	for _, r := range p.golden.Resources {
		if string(r.Type) == resourceType && meant(r) {
			sum++
		}
	}

	return sum
}

// applications returns the size of the ApplicationSet and that of its list of services, in bytes, and their number.
func (p *platform) applications() (int, int, int) {
	for _, r := range p.golden.Resources {
		if r.URN.Name() == "gitops-applications" {
			list, _ := state.Input(r, "spec.generators[0].list.elements").([]any)

			return size(r.Inputs), size(list), len(list)
		}
	}

	return 0, 0, 0
}

// size returns the size of a value as JSON, in bytes.
func size(value any) int {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("a value of a golden graph is no JSON: %v", err))
	}

	return len(text)
}
