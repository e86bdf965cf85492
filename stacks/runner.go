package stacks

import (
	"fmt"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/ingress"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/runner"
)

// waysIn are the load balancer, which lets clients in, and the runner, which lets workflow jobs in.
func (d *deployment) waysIn(
	key *encryption.Encryption, vpc *network.Network, eks *cluster.Cluster,
) (*ingress.Ingress, error) {
	if err := d.runner(key, vpc, eks); err != nil {
		return nil, err
	}

	return d.ingress(vpc, eks)
}

// runner runs workflow jobs inside the VPC, where the settings name a repository.
func (d *deployment) runner(key *encryption.Encryption, vpc *network.Network, eks *cluster.Cluster) error {
	repository := d.environment.Settings.Runner.Repository
	if repository == "" {
		return nil
	}

	_, err := runner.New(d.ctx, "runner", &runner.Args{
		Environment:        d.environment.Name,
		Partition:          d.account.partition,
		Region:             d.environment.Settings.Region,
		AccountID:          d.account.id,
		Repository:         repository,
		VPCID:              vpc.VPCID,
		SubnetIDs:          vpc.PrivateSubnetIDs,
		APISecurityGroupID: eks.APISecurityGroupID,
		KeyARN:             key.KeyARN,
		LogRetentionDays:   d.environment.policy.logRetentionDays,
		ExistingLogGroups:  d.account.logGroups,
	}, d.with)
	if err != nil {
		return fmt.Errorf("deploying the runner: %w", err)
	}

	return nil
}
