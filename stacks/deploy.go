package stacks

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/stacks/awsprovider"
)

// Deploy composes an environment. It asks the account what it must know before it makes anything.
func Deploy(ctx *pulumi.Context, environment *Environment) (*Outputs, error) {
	tuned := environment.Settings

	provider, err := awsprovider.New(ctx, awsprovider.Args{
		Region: tuned.Region, AllowedAccountIDs: tuned.AllowedAccountIDs, Tags: tuned.DefaultTags.Tags,
	})
	if err != nil {
		return nil, err
	}

	account, err := lookUpAccount(ctx, environment, provider)
	if err != nil {
		return nil, err
	}

	d := &deployment{ctx: ctx, environment: environment, account: account, with: pulumi.Provider(provider)}

	if err := d.prepare(); err != nil {
		return nil, err
	}

	key, err := d.encryption()
	if err != nil {
		return nil, err
	}

	vpc, err := d.network(key)
	if err != nil {
		return nil, err
	}

	eks, err := d.cluster(key, vpc)
	if err != nil {
		return nil, err
	}

	data, err := d.stores(key, vpc)
	if err != nil {
		return nil, err
	}

	entrance, err := d.waysIn(key, vpc, eks)
	if err != nil {
		return nil, err
	}

	argo, err := d.gitOps(eks, data)
	if err != nil {
		return nil, err
	}

	return &Outputs{
		Environment:          environment.Name,
		Policy:               environment.policy.told(),
		Zones:                slices.Sorted(slices.Values(environment.Settings.Network.Zones)),
		VPCID:                vpc.VPCID,
		PublicSubnetIDs:      vpc.PublicSubnetIDs,
		PrivateSubnetIDs:     vpc.PrivateSubnetIDs,
		DataSubnetIDs:        vpc.DataSubnetIDs,
		ClusterName:          eks.Name,
		ClusterEndpoint:      eks.Endpoint,
		Kubeconfig:           eks.Kubeconfig,
		NodeGroups:           eks.NodeGroupNames,
		DatabaseEndpoint:     data.mysql.Endpoint,
		CacheEndpoint:        data.cache.Endpoint,
		LoadBalancerHostname: entrance.Hostname,
		ArgoCD:               ArgoCD{Reach: argo.Reach, Login: argo.Login},
		TryIt:                environment.requests(entrance.Hostname),
	}, nil
}

// deployment composes one environment.
type deployment struct {
	ctx         *pulumi.Context
	environment *Environment
	account     *account
	// with makes a component use the one provider of everything in AWS.
	with pulumi.ResourceOption
}

func (d *deployment) encryption() (*encryption.Encryption, error) {
	name := d.environment.Name

	key, err := encryption.New(d.ctx, "encryption", &encryption.Args{
		Environment:        name,
		Partition:          d.account.partition,
		Region:             d.environment.Settings.Region,
		AccountID:          d.account.id,
		DeletionWindowDays: d.environment.policy.keyDeletionWindowDays,
		LogGroups: []string{
			name + "-*", cluster.LogGroupName(name), database.LogGroupNames(name),
		},
		KeepData: d.environment.policy.keepsData,
	}, d.with)
	if err != nil {
		return nil, fmt.Errorf("deploying encryption: %w", err)
	}

	return key, nil
}

func (d *deployment) network(key *encryption.Encryption) (*network.Network, error) {
	name, tuned := d.environment.Name, d.environment.Settings.Network

	vpc, err := network.New(d.ctx, "network", &network.Args{
		Environment:        name,
		Partition:          d.account.partition,
		Region:             d.environment.Settings.Region,
		AccountID:          d.account.id,
		CIDR:               tuned.CIDR,
		Zones:              tuned.Zones,
		NAT:                tuned.NAT,
		InterfaceEndpoints: tuned.InterfaceEndpoints,
		Domain:             name + "." + tuned.Domain,
		ClusterName:        name,
		LogRetentionDays:   d.environment.policy.logRetentionDays,
		FlowLogTraffic:     tuned.FlowLogTraffic,
		ExistingLogGroups:  d.account.logGroups,
		KeyARN:             key.KeyARN,
		Protect:            d.environment.protects(),
	}, d.with)
	if err != nil {
		return nil, fmt.Errorf("deploying the network: %w", err)
	}

	return vpc, nil
}

func (d *deployment) cluster(key *encryption.Encryption, vpc *network.Network) (*cluster.Cluster, error) {
	tuned := d.environment.Settings.Cluster

	cidrs := make([]string, 0, len(tuned.PublicAccessCIDRs))
	for _, cidr := range tuned.PublicAccessCIDRs {
		cidrs = append(cidrs, cidr.String())
	}

	eks, err := cluster.New(d.ctx, "cluster", &cluster.Args{
		Environment:         d.environment.Name,
		Partition:           d.account.partition,
		Region:              d.environment.Settings.Region,
		AccountID:           d.account.id,
		Version:             tuned.Version,
		VPCID:               vpc.VPCID,
		SubnetIDs:           vpc.PrivateSubnetIDs,
		NodeSubnetIDs:       vpc.NodeSubnetIDs,
		NodeSecurityGroupID: vpc.NodeSecurityGroupID,
		KeyARN:              key.KeyARN,
		LogRetentionDays:    d.environment.policy.logRetentionDays,
		LogTypes:            tuned.LogTypes,
		ExistingLogGroups:   d.account.logGroups,
		Admins:              d.account.arns(tuned.Admins),
		Auditors:            d.account.arns(tuned.Auditors),
		Viewers:             d.account.arns(tuned.Viewers),
		PublicAccessCIDRs:   cidrs,
		Nodes:               tuned.Nodes,
		NodeTags:            d.environment.Settings.DefaultTags.Tags,
		Addons:              d.account.addons,
		Protect:             d.environment.protects(),
	}, d.with)
	if err != nil {
		return nil, fmt.Errorf("deploying the cluster: %w", err)
	}

	return eks, nil
}
