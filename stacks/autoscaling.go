package stacks

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/autoscaling"
	"github.com/msur/platform/components/cluster"
)

// deployAutoscaling deploys Karpenter and its pools, if the settings have any.
func (d *deployment) deployAutoscaling() error {
	pools := d.environment.Settings.Cluster.Autoscaling
	if len(pools) == 0 {
		return nil
	}

	identity, err := d.karpenterIdentity()
	if err != nil {
		return err
	}

	_, err = autoscaling.New(d.ctx, "autoscaling", &autoscaling.Args{
		Environment:      d.environment.Name,
		Place:            d.account.place,
		ClusterName:      d.eks.Name,
		SubnetIDs:        d.vpc.PrivateSubnetIDs,
		SecurityGroupIDs: pulumi.StringArray{d.eks.APISecurityGroupID, d.vpc.NodeSecurityGroupID},
		Pools:            pools,
		NodeTags:         d.environment.Settings.DefaultTags.Tags,
		DrainMinutes:     d.environment.policy.drainMinutes,
		HighlyAvailable:  d.environment.policy.highlyAvailable,
		Identity:         identity.Parts,
		Kubernetes:       d.eks.Provider,
	}, d.with)

	return err
}

// karpenterIdentity gives Karpenter's pods the permissions that Karpenter publishes.
func (d *deployment) karpenterIdentity() (*cluster.WorkloadIdentity, error) {
	args := &cluster.WorkloadIdentityArgs{
		Namespace: autoscaling.Namespace, ServiceAccount: autoscaling.ServiceAccount,
	}

	for _, statement := range autoscaling.Permissions(d.environment.Name, d.account.place) {
		args.Statements = append(args.Statements, cluster.Statement{
			SID: statement.SID, Actions: statement.Actions, Conditions: statement.Conditions,
			Resources: pulumi.ToStringArray(statement.Resources),
		})
	}

	identity, err := d.eks.NewWorkloadIdentity(d.ctx, "autoscaling-karpenter", args)
	if err != nil {
		return nil, fmt.Errorf("identity of Karpenter: %w", err)
	}

	return identity, nil
}
