package cluster

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/role"
	"github.com/msur/platform/internal/policy"
)

// Statement allows actions on resources.
type Statement struct {
	// SID names the statement within its document.
	SID string
	// Actions are the allowed actions, such as "s3:GetObject".
	Actions []string
	// Resources are the ARNs of the resources that the actions apply to.
	Resources pulumi.StringArrayInput
	// Conditions limit the statement further. They are optional.
	Conditions policy.Conditions
}

// WorkloadIdentityArgs are the inputs of a WorkloadIdentity.
type WorkloadIdentityArgs struct {
	// Namespace and ServiceAccount identify the pods that get the role.
	Namespace, ServiceAccount string
	// Statements are the role's permissions, in addition to those of PolicyARNs.
	Statements []Statement
	// PolicyARNs are managed policies.
	PolicyARNs []string
}

// WorkloadIdentity is an IAM role for the pods of one service account, by EKS Pod Identity. Its pods need no secret.
type WorkloadIdentity struct {
	// RoleARN is the ARN of the role. It waits for the permissions, and for the association with the service account.
	RoleARN pulumi.StringOutput
	// Parts are the resources that the workload must wait for.
	Parts []pulumi.Resource
}

// NewWorkloadIdentity creates an identity for a workload of the cluster, as a child of the cluster. Running pods do not
// get the identity, so it must exist before the workload starts. The role does not depend on the cluster, so both are
// created at the same time.
func (c *Cluster) NewWorkloadIdentity(
	ctx *pulumi.Context, name string, args *WorkloadIdentityArgs,
) (*WorkloadIdentity, error) {
	trust, err := policy.JSON(c.trust(args))
	if err != nil {
		return nil, fmt.Errorf("trust of %s: %w", name, err)
	}

	physical := c.args.Environment + "-" + args.Namespace + "-" + args.ServiceAccount // unique for each service account
	tags := pulumi.StringMap{"Name": pulumi.String(physical)}

	assumed, err := iam.NewRole(ctx, name, &iam.RoleArgs{
		Name: pulumi.String(physical),
		Description: pulumi.String(fmt.Sprintf(
			"Pods of the service account %s in the namespace %s", args.ServiceAccount, args.Namespace)),
		AssumeRolePolicy: pulumi.String(trust),
		InlinePolicies:   permissions(args.Statements),
		Tags:             tags,
	}, pulumi.Parent(c))
	if err != nil {
		return nil, fmt.Errorf("role of %s: %w", name, err)
	}

	attached, err := role.Attach(ctx, name, assumed, args.PolicyARNs, pulumi.Parent(c))
	if err != nil {
		return nil, err
	}

	association, err := eks.NewPodIdentityAssociation(ctx, name, &eks.PodIdentityAssociationArgs{
		ClusterName:    c.Name,
		Namespace:      pulumi.String(args.Namespace),
		ServiceAccount: pulumi.String(args.ServiceAccount),
		RoleArn:        assumed.Arn,
		Tags:           tags,
	}, pulumi.Parent(c), after(attached))
	if err != nil {
		return nil, fmt.Errorf("binding of %s: %w", name, err)
	}

	return &WorkloadIdentity{
		RoleARN: association.RoleArn, Parts: slices.Concat(attached, []pulumi.Resource{association}),
	}, nil
}

// permissions are the role's inline policy. Policies that are added by hand are removed by the next run.
func permissions(statements []Statement) iam.RoleInlinePolicyArrayInput {
	if len(statements) == 0 {
		return nil
	}

	resources := make([]any, 0, len(statements))
	for _, statement := range statements {
		resources = append(resources, statement.Resources)
	}

	document := pulumi.All(resources...).ApplyT(func(known []any) (string, error) {
		allowed := make([]policy.Statement, 0, len(statements))

		for i, statement := range statements {
			arns := known[i].([]string) //nolint:forcetypeassert // the inputs are lists of strings
			allowed = append(allowed, policy.Statement{
				SID: statement.SID, Actions: statement.Actions, Resources: arns, Conditions: statement.Conditions,
			})
		}

		return policy.JSON(allowed...)
	})

	return iam.RoleInlinePolicyArray{iam.RoleInlinePolicyArgs{
		Name: pulumi.String("workload"), Policy: document.(pulumi.StringOutput),
	}}
}

// trust allows the cluster's Pod Identity agent to assume the role, for pods of the one service account only (Amazon
// EKS User Guide, "Create IAM role with trust policy required by EKS Pod Identity").
func (c *Cluster) trust(args *WorkloadIdentityArgs) policy.Statement {
	return policy.Statement{
		SID:       "PodsOfTheServiceAccount",
		Principal: policy.Service("pods.eks.amazonaws.com"),
		Actions:   []string{"sts:AssumeRole", "sts:TagSession"},
		Conditions: policy.Conditions{
			"StringEquals": {
				"aws:SourceAccount":                         {c.args.Place.AccountID},
				"aws:RequestTag/kubernetes-namespace":       {args.Namespace},
				"aws:RequestTag/kubernetes-service-account": {args.ServiceAccount},
			},
			"ArnEquals": {"aws:SourceArn": {c.args.Place.ARN("eks", "cluster/"+c.args.Environment)}},
		},
	}
}
