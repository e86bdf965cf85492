package cluster_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/scope"
)

func staging(args *cluster.Args) { args.Environment = "staging" }

// withWorkload creates a cluster with each kind of resource.
func withWorkload(t *testing.T, changes ...func(*cluster.Args)) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, program(func(ctx *pulumi.Context, made *cluster.Cluster) error {
		_, err := made.NewWorkloadIdentity(ctx, "flights", &cluster.WorkloadIdentityArgs{
			Namespace: "flights", ServiceAccount: "web",
			Statements: []cluster.Statement{{
				Actions: []string{"sts:GetCallerIdentity"}, Resources: pulumi.ToStringArray([]string{"*"}),
			}},
		})

		return err
	}, changes...))
}

func TestNoEnvironmentIsInALogicalName(t *testing.T) {
	t.Parallel()

	urns := func(g *graphtest.Graph) []string {
		var found []string
		for _, r := range g.Customs() {
			found = append(found, string(r.URN))
		}

		return found
	}

	assert.Equal(t, urns(withWorkload(t)), urns(withWorkload(t, staging)))
}

// Two environments can share an account, so names contain the environment.
func TestEveryPhysicalNameContainsTheEnvironment(t *testing.T) {
	t.Parallel()

	g := withWorkload(t, staging)

	for _, r := range g.Customs() {
		if r.Type == subnetType {
			continue
		}

		for _, property := range []resource.PropertyKey{"name", "namePrefix", "nodeGroupNamePrefix", "clusterName"} {
			named := r.Inputs[property]
			assert.True(t, named.IsNull() || strings.Contains(named.StringValue(), "staging"), "%s: %v", r.URN, named)
		}

		if tags := r.Inputs["tags"]; tags.IsObject() {
			assert.True(t, strings.HasPrefix(tags.ObjectValue()["Name"].StringValue(), "staging-"), "%s: %v", r.URN, tags)
		}
	}

	g.One(t, logGroupType, "cluster-logs").Has("name", "/aws/eks/staging/cluster")
	g.One(t, clusterType, "cluster-eksCluster").Has("name", "staging")
	g.One(t, nodeGroupType, groupA).Has("clusterName", "staging").Has("nodeGroupNamePrefix", "staging-general-a-")
}

func TestTaggableResourcesHaveANameTag(t *testing.T) {
	t.Parallel()

	g := withWorkload(t)
	workloads := map[string]string{"flights": "flights-web", "cluster-cni": "kube-system-aws-node"}

	for _, resourceType := range []string{
		logGroupType, roleType, templateType, nodeGroupType, addonType, associationType,
	} {
		for _, r := range g.All(resourceType) {
			want := "sandbox-" + r.Name
			if workload, is := workloads[r.Name]; is { // it is named after its workload
				want = "sandbox-" + workload
			}

			g.One(t, resourceType, r.Name).Has("tags", map[string]any{"Name": want})
		}
	}

	g.One(t, componentType, "cluster").
		Has("clusterTags", map[string]any{"Name": "sandbox-cluster-eks"}).
		Has("clusterSecurityGroupTags", map[string]any{"Name": "sandbox-cluster-control-plane"})
}

func TestARNsAndPrincipalsHaveThePartitionAndTheAccount(t *testing.T) {
	t.Parallel()

	g := withWorkload(t, func(args *cluster.Args) {
		args.Place = scope.Place{Partition: "aws-cn", Region: "cn-north-1", AccountID: "210987654321"}
	})

	for _, attachment := range g.All(attachmentType) {
		assert.Contains(t, attachment.Inputs["policyArn"].StringValue(), "arn:aws-cn:iam::aws:policy/", attachment.Name)
	}

	g.One(t, componentType, "cluster").
		Has(`accessEntries["role-platform-deploy"].accessPolicies.cluster.policyArn`,
			"arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy")

	g.One(t, roleType, "cluster-node").JSON("assumeRolePolicy", `{
		"Version": "2012-10-17",
		"Statement": [{
			"Sid": "TheService", "Effect": "Allow", "Action": ["sts:AssumeRole"],
			"Principal": {"Service": "ec2.amazonaws.com.cn"}
		}]
	}`)

	for _, role := range g.All(roleType) {
		if document := role.Inputs["assumeRolePolicy"].StringValue(); strings.Contains(document, "pods.eks") {
			assert.Contains(t, document, `"arn:aws-cn:eks:cn-north-1:210987654321:cluster/sandbox"`, role.Name)
			assert.Contains(t, document, `"aws:SourceAccount":["210987654321"]`, role.Name)
		}
	}

	config := g.All(kubernetesType)[0].Inputs["kubeconfig"].SecretValue().Element.StringValue()
	assert.Contains(t, config, `"--region","cn-north-1"`)
}
