package cluster_test

import (
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/graphtest"
)

// workload creates a cluster and the identity of a workload.
func workload(t *testing.T, args *cluster.WorkloadIdentityArgs) (*graphtest.Graph, *graphtest.Values) {
	t.Helper()

	var values graphtest.Values

	g := graphtest.Run(t, program(func(ctx *pulumi.Context, made *cluster.Cluster) error {
		identity, err := made.NewWorkloadIdentity(ctx, "flights", args)
		if err != nil {
			return err
		}

		values.Keep("role", identity.RoleARN)

		return nil
	}))

	return g, &values
}

func TestAWorkloadHasARoleOfItsOwn(t *testing.T) {
	t.Parallel()

	g, values := workload(t, &cluster.WorkloadIdentityArgs{
		Namespace: "flights", ServiceAccount: "web",
		Statements: []cluster.Statement{{
			SID: "Connect", Actions: []string{"rds-db:connect"},
			Resources: pulumi.ToStringArray([]string{"arn:aws:rds-db:::dbuser:x/flights"}),
		}},
		PolicyARNs: []string{"arn:aws:iam::aws:policy/ReadOnlyAccess"},
	})

	g.One(t, roleType, "flights").
		Under("cluster").
		Has("name", "sandbox-flights-web").
		JSON("assumeRolePolicy", `{"Version": "2012-10-17", "Statement": [{
			"Sid": "PodsOfTheServiceAccount", "Effect": "Allow",
			"Principal": {"Service": "pods.eks.amazonaws.com"}, "Action": ["sts:AssumeRole", "sts:TagSession"],
			"Condition": {
				"StringEquals": {
					"aws:SourceAccount": ["123456789012"],
					"aws:RequestTag/kubernetes-namespace": ["flights"],
					"aws:RequestTag/kubernetes-service-account": ["web"]
				},
				"ArnEquals": {"aws:SourceArn": ["arn:aws:eks:us-east-1:123456789012:cluster/sandbox"]}
			}
		}]}`)
	g.One(t, roleType, "flights").
		JSON("inlinePolicies[0].policy", `{"Version": "2012-10-17", "Statement": [{"Sid": "Connect", "Effect": "Allow",
			"Action": ["rds-db:connect"], "Resource": ["arn:aws:rds-db:::dbuser:x/flights"]}]}`)
	g.One(t, attachmentType, "flights-ReadOnlyAccess").
		Under("cluster").
		Has("role", "sandbox-flights-web").
		Has("policyArn", "arn:aws:iam::aws:policy/ReadOnlyAccess")
	g.One(t, associationType, "flights").
		Under("cluster").
		Refers("roleArn", roleType, "flights").
		Has("clusterName", "sandbox").
		Has("namespace", "flights").
		Has("serviceAccount", "web").
		DependsOn("cluster-eksCluster", roleType+"::flights", "flights-ReadOnlyAccess")
	values.Has(t, "role", "arn:aws:iam:us-east-1:123456789012:Role-flights")
}

func TestAWorkloadWithoutStatementsHasNoPermissions(t *testing.T) {
	t.Parallel()

	g, _ := workload(t, &cluster.WorkloadIdentityArgs{Namespace: "flights", ServiceAccount: "web"})

	g.One(t, roleType, "flights").HasNo("inlinePolicies")
	assert.NotContains(t, names(g, attachmentType), "flights-ReadOnlyAccess")
	g.One(t, associationType, "flights").Refers("roleArn", roleType, "flights")
}

// Each trust policy names one namespace and one service account, so no other account can use the role.
func TestServiceAccountsNeverShareARole(t *testing.T) {
	t.Parallel()

	accounts := map[string][2]string{
		"flights": {"flights", "web"}, "worker": {"flights", "worker"}, "hotels": {"hotels", "web"},
	}

	g := graphtest.Run(t, program(func(ctx *pulumi.Context, made *cluster.Cluster) error {
		for name, account := range accounts {
			_, err := made.NewWorkloadIdentity(ctx, name, &cluster.WorkloadIdentityArgs{
				Namespace: account[0], ServiceAccount: account[1],
			})
			if err != nil {
				return err
			}
		}

		return nil
	}))

	trusts := make(map[string]string)

	for name, account := range accounts {
		g.One(t, associationType, name).
			Has("namespace", account[0]).
			Has("serviceAccount", account[1]).
			Refers("roleArn", roleType, name)
	}

	for _, role := range g.All(roleType) {
		trust := role.Inputs["assumeRolePolicy"].StringValue()
		if _, of := accounts[role.Name]; of || role.Name == "cluster-cni" {
			assert.Empty(t, trusts[trust], "the trust of %s is unique", role.Name)
			trusts[trust] = role.Name
		}
	}

	assert.Len(t, trusts, len(accounts)+1, "the CNI's too")
}

// A pod that starts before its identity is bound has no credentials until it restarts.
func TestUsersOfTheRoleWaitForItsBinding(t *testing.T) {
	t.Parallel()

	g := graphtest.Run(t, program(func(ctx *pulumi.Context, made *cluster.Cluster) error {
		identity, err := made.NewWorkloadIdentity(ctx, "flights", &cluster.WorkloadIdentityArgs{
			Namespace: "flights", ServiceAccount: "web",
		})
		if err != nil {
			return err
		}

		_, err = iam.NewRole(ctx, "user", &iam.RoleArgs{
			AssumeRolePolicy: pulumi.String("{}"), Description: identity.RoleARN,
		})

		return err
	}))

	g.One(t, roleType, "user").
		Refers("description", roleType, "flights").
		DependsOn(associationType + "::flights")
}

// Roles do not wait for the cluster, which takes ten minutes.
func TestARoleDoesNotWaitForTheCluster(t *testing.T) {
	t.Parallel()

	for _, role := range run(t).All(roleType) {
		assert.Empty(t, role.Dependencies, role.Name)
	}
}

func TestTheCNIHasAnIdentity(t *testing.T) {
	t.Parallel()

	g := run(t)

	g.One(t, associationType, "cluster-cni").
		Under("cluster").
		Has("namespace", "kube-system").
		Has("serviceAccount", "aws-node").
		Refers("roleArn", roleType, "cluster-cni")
	g.One(t, attachmentType, "cluster-cni-AmazonEKS_CNI_Policy").
		Has("role", "sandbox-kube-system-aws-node").
		Has("policyArn", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy")
	assert.Equal(t, []string{"arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"},
		policiesOf(g, "sandbox-kube-system-aws-node"))
}
