package autoscaling_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/autoscaling"
	"github.com/msur/platform/components/autoscaling/pool"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/nodes"
)

const (
	roleType    = "aws:iam/role:Role"
	profileType = "aws:iam/instanceProfile:InstanceProfile"
	entryType   = "aws:eks/accessEntry:AccessEntry"
	queueType   = "aws:sqs/queue:Queue"
	ruleType    = "aws:cloudwatch/eventRule:EventRule"
	targetType  = "aws:cloudwatch/eventTarget:EventTarget"
	releaseType = "kubernetes:helm.sh/v3:Release"
	classType   = "kubernetes:karpenter.k8s.aws/v1:EC2NodeClass"
	poolType    = "kubernetes:karpenter.sh/v1:NodePool"
)

// program creates Karpenter with one pool.
func program(changes ...func(*autoscaling.Args)) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		provider, err := kubernetes.NewProvider(ctx, "cluster", &kubernetes.ProviderArgs{})
		if err != nil {
			return err
		}

		identity, err := iam.NewRole(ctx, "identity", &iam.RoleArgs{AssumeRolePolicy: pulumi.String("{}")})
		if err != nil {
			return err
		}

		args := &autoscaling.Args{
			Environment: "sandbox", Place: graphtest.Place(), ClusterName: pulumi.String("sandbox"),
			SubnetIDs:        pulumi.ToStringArray([]string{"subnet-a", "subnet-b"}),
			SecurityGroupIDs: pulumi.ToStringArray([]string{"sg-api", "sg-nodes"}),
			Pools: map[string]pool.Pool{
				"services": {InstanceFamilies: []string{"t4g", "m7g"}, MaxVCPUs: 16, MaxMemoryGiB: 64},
			},
			NodeTags:     map[string]string{"Environment": "sandbox"},
			DrainMinutes: 5,
			Identity:     []pulumi.Resource{identity},
			Kubernetes:   provider,
		}
		for _, change := range changes {
			change(args)
		}

		_, err = autoscaling.New(ctx, "autoscaling", args)

		return err
	}
}

func TestTheGraphOfAutoscaling(t *testing.T) {
	t.Parallel()

	graphtest.Run(t, program()).Golden(t, "testdata/autoscaling.json")
}

func TestNodesCanJoinAndKarpenterCannotMakeRoles(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program())

	g.One(t, roleType, "autoscaling-node").Under("autoscaling").Has("name", "sandbox-autoscaling-node")
	g.One(t, profileType, "autoscaling-node").
		Has("name", "sandbox-autoscaling-node").
		Has("role", "sandbox-autoscaling-node").
		DependsOn("autoscaling-node")
	g.One(t, entryType, "autoscaling-node").
		Has("type", "EC2_LINUX").
		Refers("principalArn", roleType, "autoscaling-node")
	g.One(t, classType, "autoscaling-class").
		Has("spec.instanceProfile", "sandbox-autoscaling-node").
		HasNo("spec.role").
		DependsOn("autoscaling-node-AmazonEKSWorkerNodePolicy", "autoscaling-node-AmazonEC2ContainerRegistryReadOnly",
			"autoscaling-node-AmazonSSMManagedInstanceCore", "autoscaling-karpenter")

	for _, statement := range autoscaling.Permissions("sandbox", graphtest.Place()) {
		for _, action := range statement.Actions {
			assert.NotRegexp(t, `^iam:(Create|Add|Delete|Put|Attach|Update|Tag)`, action)
		}
	}
}

func TestInterruptionsReachKarpenterAndNothingElseWritesToTheQueue(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program())
	g.One(t, queueType, "autoscaling-interruptions").
		Has("name", "sandbox-autoscaling-interruptions").
		Has("sqsManagedSseEnabled", true).
		JSON("policy", `{
			"Version": "2012-10-17",
			"Statement": [
				{
					"Sid": "TheRule", "Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"},
					"Action": ["sqs:SendMessage"],
					"Resource": ["arn:aws:sqs:us-east-1:123456789012:sandbox-autoscaling-interruptions"],
					"Condition": {"ArnEquals": {
						"aws:SourceArn": ["arn:aws:events:us-east-1:123456789012:rule/sandbox-autoscaling-interruptions"]
					}}
				},
				{
					"Sid": "OnlyTLS", "Effect": "Deny", "Principal": {"AWS": "*"}, "Action": ["sqs:*"],
					"Resource": ["arn:aws:sqs:us-east-1:123456789012:sandbox-autoscaling-interruptions"],
					"Condition": {"Bool": {"aws:SecureTransport": ["false"]}}
				}
			]
		}`)

	g.One(t, ruleType, "autoscaling-interruptions").
		Has("name", "sandbox-autoscaling-interruptions").
		JSON("eventPattern", `{
			"source": ["aws.ec2", "aws.health"],
			"detail-type": [
				"AWS Health Event", "EC2 Spot Instance Interruption Warning", "EC2 Instance Rebalance Recommendation",
				"EC2 Instance State-change Notification", "EC2 Capacity Reservation Instance Interruption Warning"
			]
		}`)
	g.One(t, targetType, "autoscaling-interruptions").
		Refers("arn", queueType, "autoscaling-interruptions").
		Has("rule", "sandbox-autoscaling-interruptions").
		DependsOn("autoscaling-interruptions")
	g.One(t, releaseType, "autoscaling-karpenter").
		Has("values.settings.interruptionQueue", "sandbox-autoscaling-interruptions")
}

func TestKarpenterStartsAfterItsPermissionsAndItsKinds(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program())

	g.One(t, releaseType, "autoscaling-kinds").
		Has("chart", "oci://public.ecr.aws/karpenter/karpenter-crd").
		HasNo("repositoryOpts")
	g.One(t, releaseType, "autoscaling-karpenter").
		ChartHas().
		Has("chart", "oci://public.ecr.aws/karpenter/karpenter").
		Has("namespace", "kube-system").
		Has("values.replicas", 1).
		DependsOn("identity", "autoscaling-kinds", "autoscaling-interruptions").
		GoesWith("cluster")

	two := graphtest.Run(t, program(func(args *autoscaling.Args) { args.HighlyAvailable = true }))
	two.One(t, releaseType, "autoscaling-karpenter").Has("values.replicas", 2)
}

func TestLaunchedNodesAreAsSafeAsManagedOnes(t *testing.T) {
	t.Parallel()

	graphtest.Run(t, program()).One(t, classType, "autoscaling-class").
		Has("spec.amiSelectorTerms", []any{map[string]any{"alias": "al2023@latest"}}).
		Has("spec.metadataOptions.httpTokens", "required").
		Has("spec.metadataOptions.httpPutResponseHopLimit", 1).
		Has("spec.associatePublicIPAddress", false).
		Has("spec.subnetSelectorTerms", []any{map[string]any{"id": "subnet-a"}, map[string]any{"id": "subnet-b"}}).
		Has("spec.securityGroupSelectorTerms", []any{map[string]any{"id": "sg-api"}, map[string]any{"id": "sg-nodes"}}).
		Has("spec.blockDeviceMappings[0].ebs.encrypted", true).
		Has("spec.blockDeviceMappings[0].ebs.volumeType", "gp3").
		HasNo("spec.blockDeviceMappings[0].ebs.kmsKeyID").
		Has("spec.tags", map[string]any{"Environment": "sandbox", "Name": "sandbox-autoscaling-node"})
}

func TestAPoolIsLimitedAndReplacesItsNodes(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program(func(args *autoscaling.Args) {
		args.Pools["batch"] = pool.Pool{
			InstanceTypes: []string{"m7i.large", "m7i.xlarge"},
			Capacities:    []nodes.Capacity{nodes.Spot, nodes.OnDemand}, MaxVCPUs: 8, MaxMemoryGiB: 32, MaxAgeDays: 1,
			Labels: map[string]string{"tier": "batch"},
			Taints: []nodes.Taint{{Key: "dedicated", Value: "batch", Effect: nodes.NoSchedule}},
		}
	}))

	g.One(t, poolType, "autoscaling-pool-services").
		DependsOn("autoscaling-class").
		Has("spec.limits", map[string]any{"cpu": "16", "memory": "64Gi"}).
		Has("spec.disruption", map[string]any{
			"consolidationPolicy": "WhenEmptyOrUnderutilized", "consolidateAfter": "5m",
			"budgets": []any{map[string]any{"nodes": "1"}},
		}).
		Has("spec.template.spec.expireAfter", "168h").
		Has("spec.template.spec.terminationGracePeriod", "5m").
		Has("spec.template.spec.requirements", []any{
			requirement("kubernetes.io/os", "In", "linux"),
			requirement("kubernetes.io/arch", "In", "arm64"),
			requirement("karpenter.sh/capacity-type", "In", "on-demand"),
			requirement("karpenter.k8s.aws/instance-family", "In", "t4g", "m7g"),
			requirement("karpenter.k8s.aws/instance-size", "NotIn", "nano", "micro"),
		})
	g.One(t, poolType, "autoscaling-pool-batch").
		Has("spec.template.metadata.labels", map[string]any{"tier": "batch"}).
		Has("spec.template.spec.taints", []any{
			map[string]any{"key": "dedicated", "value": "batch", "effect": "NoSchedule"},
		}).
		Has("spec.template.spec.expireAfter", "24h").
		Has("spec.template.spec.requirements", []any{
			requirement("kubernetes.io/os", "In", "linux"),
			requirement("kubernetes.io/arch", "In", "amd64"),
			requirement("karpenter.sh/capacity-type", "In", "spot", "on-demand"),
			requirement("node.kubernetes.io/instance-type", "In", "m7i.large", "m7i.xlarge"),
		})
}

func requirement(key, operator string, values ...any) map[string]any {
	return map[string]any{"key": key, "operator": operator, "values": values}
}

// Nothing else terminates the nodes of a pool, or deletes the launch templates of a class: a destroy that skipped them
// would leave instances in the subnets.
func TestADestroyDeletesPoolsAndClassesBeforeTheCluster(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program())
	for _, kind := range []string{poolType, classType} {
		found := g.All(kind)
		require.Len(t, found, 1)
		assert.Empty(t, found[0].DeletedWith)
		assert.NotEmpty(t, found[0].Provider)
	}
}

func TestWithoutAValidPoolNothingIsCreated(t *testing.T) {
	t.Parallel()

	for expected, pools := range map[string]map[string]pool.Pool{
		"at least one":              nil,
		`"services": maxVcpus`:      {"services": {InstanceFamilies: []string{"m7g"}, MaxMemoryGiB: 1}},
		`"x": instanceFamilies[0]:`: {"x": {MaxVCPUs: 1, MaxMemoryGiB: 1}},
	} {
		g, err := graphtest.Try(program(func(args *autoscaling.Args) { args.Pools = pools }))
		require.ErrorContains(t, err, expected)
		assert.Empty(t, g.All(queueType))
	}
}
