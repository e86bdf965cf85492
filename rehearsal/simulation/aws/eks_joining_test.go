package aws_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	unjoined = "waiting for EKS Node Group (c:n) create: unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. " +
		"last error: "
	notJoined = "NodeCreationFailure: Instances failed to join the kubernetes cluster"
	unhealthy = "NodeCreationFailure: Unhealthy nodes in the kubernetes cluster"
)

// tries creates the group n, expects it to fail for the reason or to start, and deletes it.
func (s *site) tries(t *testing.T, why string, inputs in, want string) {
	t.Helper()

	made, err := s.aws.TryCreate(nodeGroupType, "nodes", inputs)
	if want == "" {
		require.NoError(t, err, why)
		require.NoError(t, s.aws.Delete(made))

		return
	}

	require.ErrorContains(t, err, "= "+unjoined, why)
	require.ErrorContains(t, err, ": "+want, why)
	assert.NotContains(t, err.Error(), "operation error", why)
	assert.Equal(t, "CREATE_FAILED", made.Text("status"), why)
	assert.NotEmpty(t, s.Of(instanceType), "they run, and cost")
	require.NoError(t, s.aws.Delete(made))
	assert.Empty(t, s.Of(instanceType), why)
}

// A group that failed remains until the program deletes it: the engine's next update finds no difference.
func TestFailedNodeGroupsRemain(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(nil)
	failed, err := s.aws.TryCreate(nodeGroupType, "nodes", s.nodes(nil))
	require.ErrorContains(t, err, unhealthy)
	assert.Equal(t, "c:n", failed.ID)
	assert.Len(t, s.Of(instanceType), 2)

	s.joinable()
	assert.Equal(t, "CREATE_FAILED", s.aws.Update(failed, s.nodes(nil)).Text("status"), "nothing is called")
	assert.Equal(t, "CREATE_FAILED", s.aws.Read(failed).Text("status"))
	updates(t, s.aws, failed, "InvalidRequestException: Nodegroup c:n is in the state CREATE_FAILED", s.nodes(in{
		"labels": in{"a": "b"},
	}))
	conflicts(t, s.aws, nodeGroupType, map[string]in{"ResourceInUseException: NodeGroup already exists": s.nodes(nil)})
	fails(t, s.aws, addonType, map[string]in{"(c:coredns) create: timeout": addon("coredns", nil)})

	require.NoError(t, s.aws.Delete(failed))
	assert.Equal(t, "ACTIVE", s.aws.Create(nodeGroupType, "nodes", s.nodes(nil)).Text("status"))
}

func TestNodesNeedTheInternet(t *testing.T) {
	t.Parallel()

	s := newCluster(t)
	closed := s.aws.Create(subnetType, "closed", in{
		"vpcId": s.vpc.ID, "cidrBlock": "10.0.3.0/24", "availabilityZone": "us-east-1c",
	})
	on := func(subnets ...any) in { return s.nodes(in{"subnetIds": subnets}) }
	s.tries(t, "both private", on(s.subnet.ID, s.second.ID), "")
	s.tries(t, "one without a route", on(s.subnet.ID, closed.ID), notJoined)
	s.tries(t, "no nodes as yet", s.nodes(in{"subnetIds": []any{closed.ID}, "scalingConfig": scale(0, 0, 1)}), "")

	main := s.aws.Create(subnetType, "main", in{
		"vpcId": s.vpc.ID, "cidrBlock": "10.0.4.0/24", "availabilityZone": "us-east-1c",
	})
	s.aws.Create(routeType, "main", in{
		"routeTableId": s.vpc.Text("mainRouteTableId"), "destinationCidrBlock": "0.0.0.0/0", "gatewayId": s.gateway.ID,
	})
	s.tries(t, "the main table", on(main.ID), "")
	s.tries(t, "an association is instead of the main table", on(s.subnet.ID), "")

	require.NoError(t, s.aws.Delete(s.nat))
	s.tries(t, "a black hole", on(s.subnet.ID), notJoined)
}

func TestNodesNeedTheClustersGroup(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	own, _ := inside(s.cluster(nil), "vpcConfig")["clusterSecurityGroupId"].(string)
	s.joinable()

	for _, test := range []struct {
		name   string
		inputs in
		want   string
	}{
		{name: "no groups"},
		{name: "another group only", inputs: in{"vpcSecurityGroupIds": []any{s.group.ID}}, want: notJoined},
		{name: "both", inputs: in{"vpcSecurityGroupIds": []any{s.group.ID, own}}},
	} {
		template := s.aws.Create(templateType, strings.ReplaceAll(test.name, " ", "-"), test.inputs)
		s.tries(t, test.name, s.nodes(in{"launchTemplate": in{"id": template.ID, "version": "1"}}), test.want)
	}
}

func TestNodesNeedToReachTheEndpoint(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	open := s.cluster(s.vpcConfig(nil))
	s.joinable()
	s.tries(t, "open to all", s.nodes(nil), "")

	to := func(blocks ...any) in { return s.clusterInputs(s.vpcConfig(in{"publicAccessCidrs": blocks})) }
	s.aws.Update(open, to("192.0.2.0/24"))
	s.tries(t, "open to the office", s.nodes(nil), notJoined)
	s.aws.Update(open, to("192.0.2.0/24", s.nat.Text("publicIp")+"/32"))
	s.tries(t, "open to the gateway", s.nodes(nil), "")
	s.aws.Update(open, s.clusterInputs(s.vpcConfig(in{
		"publicAccessCidrs": []any{"192.0.2.0/24"}, "endpointPrivateAccess": true,
	})))
	s.tries(t, "private", s.nodes(nil), "")
}

func TestNodesNeedANetworkAndAProxy(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name     string
		addons   []string
		identity string // the service account that has the CNI's role
		role     string // a further policy of the nodes' own role
		want     string
	}{
		{name: "all", addons: []string{"vpc-cni", "eks-pod-identity-agent", "kube-proxy"}, identity: "aws-node"},
		{name: "nothing", want: unhealthy},
		{
			name: "no proxy", addons: []string{"vpc-cni", "eks-pod-identity-agent"}, identity: "aws-node", want: unhealthy,
		},
		{
			name: "no network", addons: []string{"eks-pod-identity-agent", "kube-proxy"}, identity: "aws-node", want: unhealthy,
		},
		{name: "without the agent", addons: []string{"vpc-cni", "kube-proxy"}, identity: "aws-node", want: unhealthy},
		{
			name: "another's role", addons: []string{"vpc-cni", "eks-pod-identity-agent", "kube-proxy"}, identity: "coredns",
			want: unhealthy,
		},
		{name: "the nodes' role", addons: []string{"vpc-cni", "kube-proxy"}, role: "AmazonEKS_CNI_Policy"},
		{
			name: "another policy of the nodes' role", addons: []string{"vpc-cni", "kube-proxy"},
			role: "AmazonSSMManagedInstanceCore", want: unhealthy,
		},
		{
			name: "the nodes' role and no network", addons: []string{"kube-proxy"}, role: "AmazonEKS_CNI_Policy",
			want: unhealthy,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := newSite(t)
			s.cluster(nil)

			for _, name := range test.addons {
				s.aws.Create(addonType, name, in{"clusterName": "c", "addonName": name})
			}

			if test.identity != "" {
				s.aws.Create(podIdentityType, "cni", s.identity(test.identity))
			}

			if test.role != "" {
				s.aws.Create(attachType, "more", in{"role": s.nodeRole.ID, "policyArn": managed + test.role})
			}

			s.tries(t, test.name, s.nodes(nil), test.want)
		})
	}
}

func TestTheCNIRoleNeedsItsPolicy(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(nil)
	s.podRole = s.role("idle", "pods.eks.amazonaws.com", []any{"sts:AssumeRole", "sts:TagSession"}, "ReadOnlyAccess")
	s.joinable()
	s.tries(t, "a role that may not ask for addresses", s.nodes(nil), unhealthy)
}

// Nodes that an update starts have to join as well; running nodes are kept.
func TestAnUpdateOfTheTemplateStartsNodes(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	own, _ := inside(s.cluster(nil), "vpcConfig")["clusterSecurityGroupId"].(string)
	s.joinable()

	template := s.aws.Create(templateType, "nodes", in{"vpcSecurityGroupIds": []any{own}})
	of := func(version string, size in) in {
		return s.nodes(in{"launchTemplate": in{"id": template.ID, "version": version}, "scalingConfig": size})
	}
	made := s.aws.Create(nodeGroupType, "nodes", of("1", scale(1, 1, 3)))

	s.aws.Update(template, in{"vpcSecurityGroupIds": []any{s.group.ID}})
	s.aws.Update(made, of("1", scale(1, 1, 2)))

	_, err := s.aws.TryUpdate(made, of("2", scale(1, 1, 2)))
	require.ErrorContains(t, err, "= waiting for EKS Node Group (c:n) version update (")
	require.ErrorContains(t, err, "): unexpected state 'Failed', wanted target 'Successful'. last error: i-")
	require.ErrorContains(t, err, notJoined)
}
