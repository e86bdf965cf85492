package ingress_test

import (
	"net/netip"
	"slices"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/components/ingress"
)

const (
	balancerType   = "aws:lb/loadBalancer:LoadBalancer"
	listenerType   = "aws:lb/listener:Listener"
	targetsType    = "aws:lb/targetGroup:TargetGroup"
	attachmentType = "aws:autoscaling/attachment:Attachment"
	groupType      = "aws:ec2/securityGroup:SecurityGroup"
	inType         = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	outType        = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
	namespaceType  = "kubernetes:core/v1:Namespace"
	releaseType    = "kubernetes:helm.sh/v3:Release"

	certificate = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
)

// run creates an ingress to nodes in the zones a and b under mocks.
func run(t *testing.T, changes ...func(*ingress.Args)) *graphtest.Graph {
	t.Helper()

	var values graphtest.Values

	g := graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := ingress.New(ctx, "ingress", arguments(t, ctx, changes...))
		if err != nil {
			return err
		}

		values.Keep("hostname", made.Hostname)

		return nil
	})

	values.Has(t, "hostname", "LoadBalancer-ingress-balancer")

	return g
}

func arguments(t *testing.T, ctx *pulumi.Context, changes ...func(*ingress.Args)) *ingress.Args {
	t.Helper()

	nodes, err := ec2.NewSecurityGroup(ctx, "nodes", &ec2.SecurityGroupArgs{})
	require.NoError(t, err)

	provider, err := kubernetes.NewProvider(ctx, "cluster", &kubernetes.ProviderArgs{})
	require.NoError(t, err)

	args := &ingress.Args{
		Environment:         "sandbox",
		VPCID:               pulumi.String("vpc-1"),
		VPCCIDRs:            []netip.Prefix{netip.MustParsePrefix("10.10.0.0/16")},
		SubnetIDs:           pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
		NodeSecurityGroupID: nodes.ID(),
		ScalingGroupNames: map[string]pulumi.StringOutput{
			"general-a": pulumi.String("eks-a").ToStringOutput(),
			"general-b": pulumi.String("eks-b").ToStringOutput(),
		},
		Kubernetes: provider,
	}
	for _, change := range changes {
		change(args)
	}

	return args
}

func withCertificate(args *ingress.Args) { args.CertificateARN = certificate }

func TestTheLoadBalancerIsInEveryZone(t *testing.T) {
	t.Parallel()

	run(t).One(t, balancerType, "ingress-balancer").Under("ingress").
		Has("name", "sandbox-ingress").
		Has("loadBalancerType", "network").
		Has("internal", false).
		Has("enableCrossZoneLoadBalancing", true).
		Has("subnets", []any{"subnet-a", "subnet-b"}).
		Refers("securityGroups[0]", groupType, "ingress-access").
		WaitsForNo(namespaceType)
}

func TestEachPortForwardsToTraefiksPortOnEveryNode(t *testing.T) {
	t.Parallel()

	g := run(t)
	values := g.One(t, releaseType, "ingress-traefik")

	for name, port := range map[string]struct{ client, onNode int }{"web": {80, 30080}, "websecure": {443, 30443}} {
		g.One(t, targetsType, "ingress-"+name).Under("ingress").
			Has("name", "sandbox-ingress-"+name).
			Has("targetType", "instance").Has("protocol", "TCP").Has("port", port.onNode).
			Has("proxyProtocolV2", true).Has("preserveClientIp", "false").
			Has("deregistrationDelay", 30).
			Has("healthCheck.protocol", "TCP")
		g.One(t, listenerType, "ingress-"+name).Under("ingress").
			Has("port", port.client).
			Refers("loadBalancerArn", balancerType, "ingress-balancer").
			Refers("defaultActions[0].targetGroupArn", targetsType, "ingress-"+name)
		values.Has("values.ports."+name+".nodePort", port.onNode).
			Has("values.ports."+name+".proxyProtocol.trustedIPs", []any{"10.10.0.0/16"})

		for _, zone := range []string{"a", "b"} {
			g.One(t, attachmentType, "ingress-"+name+"-general-"+zone).Under("ingress").
				Has("autoscalingGroupName", "eks-"+zone).
				Refers("lbTargetGroupArn", targetsType, "ingress-"+name)
		}
	}

	values.Has("values.service.spec", map[string]any{"type": "NodePort", "externalTrafficPolicy": "Cluster"})
}

func TestWithoutACertificateTLSIsPassedThrough(t *testing.T) {
	t.Parallel()

	g := run(t)
	for _, name := range []string{"web", "websecure"} {
		g.One(t, listenerType, "ingress-"+name).
			Has("protocol", "TCP").HasNo("certificateArn").HasNo("sslPolicy").HasNo("alpnPolicy")
		g.One(t, releaseType, "ingress-traefik").HasNo("values.ports." + name + ".http")
	}
}

func TestWithACertificateTLSEndsAtTheLoadBalancer(t *testing.T) {
	t.Parallel()

	g := run(t, withCertificate)
	g.One(t, listenerType, "ingress-websecure").
		Has("protocol", "TLS").Has("certificateArn", certificate).
		Has("sslPolicy", "ELBSecurityPolicy-TLS13-1-2-Res-2021-06").Has("alpnPolicy", "HTTP2Preferred")
	g.One(t, listenerType, "ingress-web").Has("protocol", "TCP").HasNo("certificateArn")
	g.One(t, targetsType, "ingress-websecure").Has("protocol", "TCP")
	g.One(t, releaseType, "ingress-traefik").
		Has("values.ports.websecure.http.tls.enabled", false).
		Has("values.ports.web.http.redirections.entryPoint", map[string]any{
			"to": "websecure", "scheme": "https", "permanent": true,
		})
}

func TestOnlyTheLoadBalancerReachesTraefik(t *testing.T) {
	t.Parallel()

	g := run(t)

	for name, port := range map[string]struct{ client, onNode int }{"web": {80, 30080}, "websecure": {443, 30443}} {
		g.One(t, inType, "ingress-from-internet-"+name).Under("ingress").
			Refers("securityGroupId", groupType, "ingress-access").
			Has("cidrIpv4", "0.0.0.0/0").Has("fromPort", port.client).Has("toPort", port.client)
		g.One(t, inType, "ingress-into-nodes-"+name).Under("ingress").
			Refers("securityGroupId", groupType, "nodes").
			Refers("referencedSecurityGroupId", groupType, "ingress-access").
			Has("fromPort", port.onNode).Has("toPort", port.onNode)
		g.One(t, outType, "ingress-to-nodes-"+name).Under("ingress").
			Refers("securityGroupId", groupType, "ingress-access").
			Refers("referencedSecurityGroupId", groupType, "nodes").
			Has("fromPort", port.onNode).Has("toPort", port.onNode)
	}

	assert.Len(t, g.All(inType), 4)
	assert.Len(t, g.All(outType), 2)
}

// Argo CD never considers an Ingress without an address healthy, and Traefik's Service has none.
func TestRoutesHaveTheNameOfTheLoadBalancer(t *testing.T) {
	t.Parallel()

	run(t).One(t, releaseType, "ingress-traefik").Under("ingress").
		Has("values.providers.kubernetesIngress", map[string]any{
			"publishedService": map[string]any{"enabled": false},
			"ingressEndpoint":  map[string]any{"hostname": "LoadBalancer-ingress-balancer"},

			"strictPrefixMatching": true, // otherwise flights would get /flightsandmore
		}).
		Has("values.ingressClass", map[string]any{"enabled": true, "isDefaultClass": false, "name": ingress.Class}).
		Has("chart", "traefik").Has("name", "traefik").Has("namespace", "traefik").
		Has("repositoryOpts.repo", "https://traefik.github.io/charts")
}

func TestTraefikIsDeletedWithTheCluster(t *testing.T) {
	t.Parallel()

	g := run(t)
	for _, inside := range slices.Concat(g.All(namespaceType), g.All(releaseType)) {
		assert.Contains(t, inside.Provider, "pulumi:providers:kubernetes::cluster::", inside.Name)
	}

	g.One(t, namespaceType, "ingress-namespace").Under("ingress").GoesWith("cluster").
		Has("metadata.labels", map[string]any{
			"pod-security.kubernetes.io/enforce": "restricted", "pod-security.kubernetes.io/warn": "restricted",
			"pod-security.kubernetes.io/audit": "restricted",
		})
	g.One(t, releaseType, "ingress-traefik").GoesWith("cluster").DependsOn("ingress-namespace")
}

func TestTwoTraefiksSurviveAZone(t *testing.T) {
	t.Parallel()

	const release = "ingress-traefik"

	run(t, func(args *ingress.Args) { args.HighlyAvailable = true }).One(t, releaseType, release).
		Has("values.deployment.replicas", 2).
		Has("values.podDisruptionBudget", map[string]any{"enabled": true, "minAvailable": 1.0}).
		Has("values.topologySpreadConstraints[0].topologyKey", "topology.kubernetes.io/zone").
		Has("values.topologySpreadConstraints[0].whenUnsatisfiable", "DoNotSchedule").
		Has("values.topologySpreadConstraints[0].nodeTaintsPolicy", "Honor").
		Has("timeout", 600)
	run(t).One(t, releaseType, release).
		HasNo("values.deployment").HasNo("values.podDisruptionBudget").HasNo("values.topologySpreadConstraints")
}

func TestTraefiksChartHasEveryValueThatIsSet(t *testing.T) {
	t.Parallel()

	run(t).One(t, releaseType, "ingress-traefik").ChartHas()
	run(t, withCertificate, func(args *ingress.Args) { args.HighlyAvailable = true }).
		One(t, releaseType, "ingress-traefik").ChartHas()
}

func TestWithoutNodesThereIsNoTraefik(t *testing.T) {
	t.Parallel()

	g := run(t, func(args *ingress.Args) { args.ScalingGroupNames, args.Kubernetes = nil, nil })

	g.None(t, attachmentType)
	g.None(t, namespaceType)
	g.None(t, releaseType)
	assert.Len(t, g.All(listenerType), 2)
}

func TestNodesWithoutACluster(t *testing.T) {
	t.Parallel()

	g, err := graphtest.Try(func(ctx *pulumi.Context) error {
		_, err := ingress.New(ctx, "ingress", arguments(t, ctx, func(args *ingress.Args) { args.Kubernetes = nil }))

		return err
	})

	require.ErrorContains(t, err, "Kubernetes")
	g.None(t, balancerType)
}
