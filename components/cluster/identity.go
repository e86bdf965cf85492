package cluster

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/policy"
)

// Statement allows actions on resources.
type Statement = policy.Statement

// WorkloadIdentityArgs are the inputs of a WorkloadIdentity.
type WorkloadIdentityArgs struct {
	// Namespace and ServiceAccount are whose pods get the role: those of this one service account.
	Namespace, ServiceAccount string
	// Statements are what the role may do, as far as it is said here.
	Statements []Statement
	// PolicyARNs are managed policies that say the rest.
	PolicyARNs []string
}

// WorkloadIdentity is an IAM role for the pods of one service account, by EKS Pod Identity. Its pods need no secret.
type WorkloadIdentity struct {
	pulumi.ResourceState

	// RoleARN is the ARN of the role; it waits for the permissions, and for the binding to the service account.
	RoleARN pulumi.StringOutput

	parts []pulumi.Resource
}

// NewWorkloadIdentity makes an identity for a workload of the cluster. Pods that were started before keep what they
// had: the workload comes after its identity.
func (c *Cluster) NewWorkloadIdentity(
	ctx *pulumi.Context, name string, args *WorkloadIdentityArgs, opts ...pulumi.ResourceOption,
) (*WorkloadIdentity, error) {
	identity := &WorkloadIdentity{}

	err := ctx.RegisterComponentResource("platform:cluster:WorkloadIdentity", name, identity, opts...)
	if err != nil {
		return nil, fmt.Errorf("registering %s: %w", name, err)
	}

	if err := c.bind(ctx, name, args, identity); err != nil {
		return nil, fmt.Errorf("making %s: %w", name, err)
	}

	err = ctx.RegisterResourceOutputs(identity, pulumi.Map{"roleArn": identity.RoleARN})
	if err != nil {
		return nil, fmt.Errorf("registering the outputs of %s: %w", name, err)
	}

	return identity, nil
}

// bind declares the role, what it may do, and the association with the service account. The role needs no cluster,
// and so is made beside it.
func (c *Cluster) bind(
	ctx *pulumi.Context, name string, args *WorkloadIdentityArgs, identity *WorkloadIdentity,
) error {
	trust, err := policy.JSON(c.trust(args))
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}

	physical := c.args.Environment + "-" + args.Namespace + "-" + args.ServiceAccount // one role has each
	tags := pulumi.StringMap{"Name": pulumi.String(physical)}

	role, err := iam.NewRole(ctx, name, &iam.RoleArgs{
		Name: pulumi.String(physical),
		Description: pulumi.String(fmt.Sprintf(
			"Pods of the service account %s in the namespace %s", args.ServiceAccount, args.Namespace)),
		AssumeRolePolicy: pulumi.String(trust),
		Tags:             tags,
	}, pulumi.Parent(identity))
	if err != nil {
		return fmt.Errorf("role: %w", err)
	}

	permissions, err := permit(ctx, name, role, args, pulumi.Parent(identity))
	if err != nil {
		return err
	}

	association, err := eks.NewPodIdentityAssociation(ctx, name, &eks.PodIdentityAssociationArgs{
		ClusterName:    c.Name,
		Namespace:      pulumi.String(args.Namespace),
		ServiceAccount: pulumi.String(args.ServiceAccount),
		RoleArn:        role.Arn,
		Tags:           tags,
	}, pulumi.Parent(identity), after(permissions))
	if err != nil {
		return fmt.Errorf("association: %w", err)
	}

	identity.parts = slices.Concat(permissions, []pulumi.Resource{association})
	identity.RoleARN = association.RoleArn

	return nil
}

// permit declares what the role may do.
func permit(
	ctx *pulumi.Context, name string, role *iam.Role, args *WorkloadIdentityArgs, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	permissions, err := attach(ctx, name, role, args.PolicyARNs, opts...)
	if err != nil || len(args.Statements) == 0 {
		return permissions, err
	}

	document, err := policy.JSON(args.Statements...)
	if err != nil {
		return nil, fmt.Errorf("permissions: %w", err)
	}

	inline, err := iam.NewRolePolicy(ctx, name, &iam.RolePolicyArgs{
		Name:   pulumi.String("workload"),
		Role:   role.ID(),
		Policy: pulumi.String(document),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("permissions: %w", err)
	}

	return append(permissions, inline), nil
}

// trust lets the cluster's Pod Identity agent take the role for pods of the one service account, and nobody else
// (Amazon EKS User Guide, "Create IAM role with trust policy required by EKS Pod Identity").
func (c *Cluster) trust(args *WorkloadIdentityArgs) policy.Statement {
	return policy.Statement{
		SID:       "PodsOfTheServiceAccount",
		Principal: service("pods.eks.amazonaws.com"),
		Actions:   []string{"sts:AssumeRole", "sts:TagSession"},
		Conditions: policy.Conditions{
			"StringEquals": {
				"aws:SourceAccount":                         {c.args.AccountID},
				"aws:RequestTag/kubernetes-namespace":       {args.Namespace},
				"aws:RequestTag/kubernetes-service-account": {args.ServiceAccount},
			},
			"ArnEquals": {"aws:SourceArn": {c.arn()}},
		},
	}
}

// arn names the cluster, before it is there.
func (c *Cluster) arn() string {
	return fmt.Sprintf("arn:%s:eks:%s:%s:cluster/%s",
		c.args.Partition, c.args.Region, c.args.AccountID, c.args.Environment)
}
