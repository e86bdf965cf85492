package stacks_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
)

const (
	natType   = "aws:ec2/natGateway:NatGateway"
	routeType = "aws:ec2/route:Route"
	groupType = "aws:eks/nodeGroup:NodeGroup"
	// kubernetesType is the provider of the resources in the cluster.
	kubernetesType = "pulumi:providers:kubernetes"
)

// The slowest resources are created in parallel: the cluster takes ten minutes, and a NAT gateway two.
func TestTheClusterDoesNotWaitForNAT(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		g := deploy(t, environment, nil)
		order := orderOf(g)

		cluster := urns(t, g, clusterType, componentType)
		waysOut := urns(t, g, natType, "aws:ec2/eip:Eip", routeType)

		order.waitNot(t, cluster, waysOut)
		order.waitNot(t, append(waysOut, urns(t, g, keyType, "aws:kms/alias:Alias", "aws:ec2/vpc:Vpc")...), cluster)
	}
}

func TestNodesWaitForTheirRouteAndAddons(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		g := deploy(t, environment, nil)
		order := orderOf(g)

		for _, group := range urns(t, g, groupType) {
			before := order.before(group)
			zone := group.Name()[strings.LastIndex(group.Name(), "-"):]

			assert.Contains(t, before, urn(t, g, routeType, "network-private"+zone), "%s has a route to the internet", group)
			assert.Subset(t, keysOf(before), urns(t, g, clusterType, componentType))

			for _, addon := range []string{"cluster-eks-pod-identity-agent", "cluster-vpc-cni", "cluster-kube-proxy"} {
				assert.Contains(t, before, urn(t, g, addonType, addon), "%s finds its add-ons", group)
			}
		}
	}
}

// Without a node, these add-ons are degraded, and EKS checks them again only after a quarter of an hour.
func TestAddonsThatRunOnNodesWaitForAllOfThem(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		g := deploy(t, environment, nil)
		order := orderOf(g)

		for _, addon := range []string{"cluster-coredns", "cluster-metrics-server"} {
			assert.Subset(t, keysOf(order.before(urn(t, g, addonType, addon))), urns(t, g, groupType))
		}
	}
}

func TestWorkloadsOfTheClusterComeLast(t *testing.T) {
	t.Parallel()

	g := deploy(t, "sandbox", nil)

	before := keysOf(orderOf(g).before(urn(t, g, kubernetesType, "cluster")))
	assert.Subset(t, before, urns(t, g, groupType, addonType, clusterType))
}

// order has the resources that each resource waits for, by URN.
type order struct {
	resources map[resource.URN]*graphtest.Resource
	children  map[resource.URN][]resource.URN
}

// orderOf reads the order of a graph. Components are the parents of resources.
func orderOf(g *graphtest.Graph) *order {
	o := &order{make(map[resource.URN]*graphtest.Resource), make(map[resource.URN][]resource.URN)}

	for _, r := range append(g.Customs(), g.All(kubernetesType)...) {
		o.add(g, r)
	}

	return o
}

func (o *order) add(g *graphtest.Graph, r *graphtest.Resource) {
	if o.resources[r.URN] != nil {
		return
	}

	o.resources[r.URN] = r
	o.children[r.Parent] = append(o.children[r.Parent], r.URN)

	if !r.Parent.IsValid() {
		return
	}

	for _, found := range g.All(string(r.Parent.Type())) {
		o.add(g, found)
	}
}

// waitNot asserts that no resource of the first list waits for one of the second.
func (o *order) waitNot(t *testing.T, some, others []resource.URN) {
	t.Helper()

	for _, one := range some {
		before := o.before(one)
		for _, other := range others {
			assert.NotContains(t, before, other, "%s waits", one)
		}
	}
}

// before returns everything that exists before a resource is created: what the resource and its parents wait for, with
// all children of components.
func (o *order) before(urn resource.URN) map[resource.URN]bool {
	seen := make(map[resource.URN]bool)

	o.visit(urn, seen)
	delete(seen, urn)

	return seen
}

func (o *order) visit(urn resource.URN, seen map[resource.URN]bool) {
	r := o.resources[urn]
	if r == nil || seen[urn] {
		return
	}

	seen[urn] = true

	for _, other := range r.Dependencies {
		for _, part := range o.within(other) {
			o.visit(part, seen)
		}
	}

	o.visit(r.Parent, seen)
}

// within returns a resource and its descendants.
func (o *order) within(urn resource.URN) []resource.URN {
	parts := []resource.URN{urn}
	for _, child := range o.children[urn] {
		parts = append(parts, o.within(child)...)
	}

	return parts
}

// urns returns the URNs of all resources of the types. Each type must have one.
func urns(t *testing.T, g *graphtest.Graph, types ...string) []resource.URN {
	t.Helper()

	var found []resource.URN

	for _, one := range types {
		require.NotEmpty(t, g.All(one), one)

		for _, r := range g.All(one) {
			found = append(found, r.URN)
		}
	}

	return found
}

// urn returns the URN of the resource with the type and name.
func urn(t *testing.T, g *graphtest.Graph, resourceType, name string) resource.URN {
	t.Helper()

	for _, found := range urns(t, g, resourceType) {
		if found.Name() == name {
			return found
		}
	}

	require.Fail(t, "no "+resourceType, name)

	return ""
}

func keysOf(set map[resource.URN]bool) []resource.URN { return slices.Collect(maps.Keys(set)) }
