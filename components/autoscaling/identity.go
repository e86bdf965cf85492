package autoscaling

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/role"
)

// nodeIdentity creates the role of the nodes, which has the permissions of the managed nodes' role, and the instance
// profile through which EC2 gives it to instances. It also returns what a node needs to join: the permissions, and an
// access entry, which EKS creates by itself only for managed node groups.
//
// Karpenter could create the profile. But then it would need permissions to write IAM resources, and a destroy would
// leave the profile behind.
func (b *builder) nodeIdentity() (*iam.InstanceProfile, []pulumi.Resource, error) {
	const part = "node"

	args := &role.Args{
		Principal: b.args.Place.EC2(), Description: "Nodes that Karpenter launches for the cluster " + b.args.Environment,
	}
	for _, name := range []string{
		"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonSSMManagedInstanceCore",
	} {
		args.PolicyARNs = append(args.PolicyARNs, b.args.Place.ManagedPolicy(name))
	}

	assumed, joining, err := role.New(b.Scope, part, args)
	if err != nil {
		return nil, nil, err
	}

	b.component.NodeRoleARN = assumed.Arn

	profile, err := iam.NewInstanceProfile(b.Ctx, b.Logical(part), &iam.InstanceProfileArgs{
		Name: pulumi.String(b.Physical(part)),
		Role: assumed.Name,
		Tags: b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("instance profile of the nodes: %w", err)
	}

	entry, err := eks.NewAccessEntry(b.Ctx, b.Logical(part), &eks.AccessEntryArgs{
		ClusterName:  b.args.ClusterName,
		PrincipalArn: assumed.Arn,
		Type:         pulumi.String("EC2_LINUX"),
		Tags:         b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, nil, fmt.Errorf("access entry of the nodes: %w", err)
	}

	return profile, append(joining, entry), nil
}
