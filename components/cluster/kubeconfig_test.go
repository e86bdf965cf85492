package cluster_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/components/graphtest"
)

const endpoint = "https://sandbox.eks.example.com"

func TestTheKubernetesProviderWaitsForTheCluster(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, kubernetesType, "cluster").
		Under("cluster").
		Has("clusterIdentifier", endpoint).
		HasNo("deleteUnreachable").
		DependsOn(groupA, groupB, "cluster-coredns", "cluster-metrics-server", "cluster-eksCluster")
}

func TestTheKubeconfigContainsNoCredentials(t *testing.T) {
	t.Parallel()

	run(t).One(t, kubernetesType, "cluster").SecretJSON("kubeconfig", `{
		"apiVersion": "v1", "kind": "Config", "current-context": "sandbox",
		"clusters": [{"name": "sandbox", "cluster": {
			"server": "`+endpoint+`", "certificate-authority-data": "Q0E="
		}}],
		"contexts": [{"name": "sandbox", "context": {"cluster": "sandbox", "user": "sandbox"}}],
		"users": [{"name": "sandbox", "user": {"exec": {
			"apiVersion": "client.authentication.k8s.io/v1beta1", "command": "aws", "interactiveMode": "IfAvailable",
			"args": ["eks", "get-token", "--cluster-name", "sandbox", "--region", "us-east-1", "--output", "json"]
		}}}]
	}`)
}

// An output or another resource that uses the kubeconfig must remain a secret.
func TestTheKubeconfigStaysASecretInTheProvider(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program(func(ctx *pulumi.Context, made *cluster.Cluster) error {
		_, err := iam.NewRole(ctx, "reader", &iam.RoleArgs{
			AssumeRolePolicy: pulumi.String("{}"), Description: made.Kubeconfig,
		})

		return err
	}))

	kubeconfig := g.All(kubernetesType)[0].Inputs["kubeconfig"].SecretValue().Element.StringValue()
	g.One(t, roleType, "reader").
		SecretJSON("description", kubeconfig).
		DependsOn("cluster-eksCluster")
}

// Workloads use this provider, and find nodes, DNS and a network.
func TestUsersOfTheProviderWaitForTheClustersParts(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program(func(ctx *pulumi.Context, made *cluster.Cluster) error {
		_, err := iam.NewRole(ctx, "workload", &iam.RoleArgs{AssumeRolePolicy: pulumi.String("{}")},
			pulumi.DependsOn([]pulumi.Resource{made.Provider}))

		return err
	}, func(args *cluster.Args) { args.Addons["aws-ebs-csi-driver"] = cluster.Addon{Version: "v3"} }))

	g.One(t, roleType, "workload").DependsOn(kubernetesType + "::cluster")
	g.One(t, kubernetesType, "cluster").DependsOn("cluster-aws-ebs-csi-driver")
}

func TestOutputsOfACluster(t *testing.T) {
	t.Parallel()

	var values graphtest.Values

	graphtest.Run(t, program(func(_ *pulumi.Context, made *cluster.Cluster) error {
		values.Keep("name", made.Name)
		values.Keep("endpoint", made.Endpoint)
		values.Keep("api", made.APISecurityGroupID)
		values.Keep("groups", made.NodeGroupNames)
		values.Keep("scaling", made.ScalingGroupNames["general-b"])

		return nil
	}))

	values.Has(t, "name", "sandbox")
	values.Has(t, "endpoint", endpoint)
	values.Has(t, "api", "SecurityGroup-eks-sandbox")
	values.Has(t, "groups", []string{"sandbox-general-a-1", "sandbox-general-b-1"})
	values.Has(t, "scaling", "eks-sandbox-general-b-1")
}

func TestNodesHaveLabelsOfTheirKindAndZone(t *testing.T) {
	t.Parallel()

	for want, kinds := range map[string][]string{
		"":                                    {},
		"batch-a batch-b web-a web-b":         {"web", "batch"},
		"batch-a batch-b gpu-a gpu-b w-a w-b": {"w", "gpu", "batch"},
	} {
		var values graphtest.Values

		graphtest.Run(t, program(func(_ *pulumi.Context, made *cluster.Cluster) error {
			values.Keep("groups", made.NodeGroupNames)

			return nil
		}, func(args *cluster.Args) {
			kind := args.Nodes["general"]
			args.Nodes = make(map[string]plan.NodeKind)

			for _, name := range kinds {
				args.Nodes[name] = kind
			}
		}))

		names := strings.Fields(want)
		for i, group := range names {
			names[i] = "sandbox-" + group + "-1"
		}

		values.Has(t, "groups", names)
	}
}
