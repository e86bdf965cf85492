package stacks

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cache"
	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/database"
	"github.com/msur/platform/components/encryption"
	"github.com/msur/platform/components/gitops"
	"github.com/msur/platform/components/ingress"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/runner"
	"github.com/msur/platform/stacks/awsprovider"
	"github.com/msur/platform/stacks/settings"
)

// Deploy checks the account and then deploys an environment.
func Deploy(ctx *pulumi.Context, environment *Environment) (*Outputs, error) {
	provider, err := awsprovider.New(ctx, environment.Settings.AWS)
	if err != nil {
		return nil, err
	}

	account, err := preflight(ctx, environment, provider)
	if err != nil {
		return nil, err
	}

	if err := environment.warn(ctx, account); err != nil {
		return nil, err
	}

	d := &deployment{ctx: ctx, environment: environment, account: account, with: pulumi.Provider(provider)}

	return d.deploy()
}

// deployment connects the components of one environment: each method deploys one.
type deployment struct {
	ctx         *pulumi.Context
	environment *Environment
	account     *account
	// with gives a component the AWS provider.
	with pulumi.ResourceOption

	key   *encryption.Encryption
	vpc   *network.Network
	eks   *cluster.Cluster
	mysql *database.Database
	cache *cache.Cache
	entry *ingress.Ingress
	argo  *gitops.GitOps
}

// deploy deploys the components, each after those whose outputs it needs.
func (d *deployment) deploy() (*Outputs, error) {
	for _, step := range []struct {
		name   string
		deploy func() error
	}{
		{"the permissions boundary", d.setBoundary},
		{"encryption", d.deployEncryption},
		{"the network", d.deployNetwork},
		{"the cluster", d.deployCluster},
		{"autoscaling", d.deployAutoscaling},
		{"the database", d.deployDatabase},
		{"the cache", d.deployCache},
		{"the runner", d.deployRunner},
		{"the ingress", d.deployIngress},
		{"GitOps", d.deployGitOps},
	} {
		if err := step.deploy(); err != nil {
			return nil, fmt.Errorf("deploying %s: %w", step.name, err)
		}
	}

	return d.outputs(), nil
}

func (d *deployment) deployEncryption() error {
	name := d.environment.Name

	key, err := encryption.New(d.ctx, "encryption", &encryption.Args{
		Environment:        name,
		Place:              d.account.place,
		DeletionWindowDays: d.environment.policy.keyDeletionWindowDays,
		LogGroups: []string{
			name + "-*", cluster.LogGroupName(name), database.LogGroupNames(name),
		},
		KeepData: d.environment.policy.keepsData,
	}, d.with)
	d.key = key

	return err
}

func (d *deployment) deployNetwork() error {
	name, settings := d.environment.Name, d.environment.Settings.Network

	vpc, err := network.New(d.ctx, "network", &network.Args{
		Environment:        name,
		Existing:           settings.Existing,
		Place:              d.account.place,
		CIDR:               settings.CIDR,
		Zones:              settings.Zones,
		NAT:                settings.NAT,
		InterfaceEndpoints: d.account.endpoints,
		Domain:             name + "." + settings.Domain,
		ClusterName:        name,
		LogRetentionDays:   d.environment.policy.logRetentionDays,
		FlowLogTraffic:     settings.FlowLogTraffic,
		ExistingLogGroups:  d.account.logGroups,
		KeyARN:             d.key.KeyARN,
		Protect:            d.environment.protects(),
	}, d.with)
	d.vpc = vpc

	return err
}

func (d *deployment) deployCluster() error {
	settings := d.environment.Settings.Cluster

	cidrs := make([]string, 0, len(settings.PublicAccessCIDRs))
	for _, cidr := range settings.PublicAccessCIDRs {
		cidrs = append(cidrs, cidr.String())
	}

	eks, err := cluster.New(d.ctx, "cluster", &cluster.Args{
		Environment:         d.environment.Name,
		Place:               d.account.place,
		Version:             settings.Version,
		NodeRelease:         settings.NodeRelease,
		VPCID:               d.vpc.VPCID,
		SubnetIDs:           d.vpc.PrivateSubnetIDs,
		NodeSubnetIDs:       d.vpc.NodeSubnetIDs,
		NodeSecurityGroupID: d.vpc.NodeSecurityGroupID,
		KeyARN:              d.key.KeyARN,
		LogRetentionDays:    d.environment.policy.logRetentionDays,
		LogTypes:            settings.LogTypes,
		ExistingLogGroups:   d.account.logGroups,
		Admins:              d.account.arns(settings.Admins),
		Auditors:            d.account.arns(settings.Auditors),
		Viewers:             d.account.arns(settings.Viewers),
		PublicAccessCIDRs:   cidrs,
		Nodes:               settings.Nodes,
		NodeTags:            d.environment.Settings.DefaultTags.Tags,
		Addons:              d.account.addons,
		Protect:             d.environment.protects(),
	}, d.with)
	d.eks = eks

	return err
}

func (d *deployment) deployDatabase() error {
	settings := d.environment.Settings.Database

	mysql, err := database.New(d.ctx, "database", &database.Args{
		Environment:           d.environment.Name,
		Place:                 d.account.place,
		VPCID:                 d.vpc.VPCID,
		SubnetIDs:             d.vpc.DataSubnetIDs,
		ClientSecurityGroupID: d.vpc.NodeSecurityGroupID,
		DNSZoneID:             d.vpc.DNSZoneID,
		KeyARN:                d.key.KeyARN,
		LogRetentionDays:      d.environment.policy.logRetentionDays,
		ExistingLogGroups:     d.account.logGroups,
		Version:               settings.Version,
		InstanceClass:         settings.InstanceClass,
		StorageGiB:            settings.StorageGiB,
		MaxStorageGiB:         settings.MaxStorageGiB,
		MultiAZ:               settings.MultiAZ,
		BackupRetentionDays:   settings.BackupRetentionDays,
		Parameters:            settings.Parameters,
		KeepData:              d.environment.policy.keepsData,
		Protect:               d.environment.protects(),
	}, d.with)
	d.mysql = mysql

	return err
}

func (d *deployment) deployCache() error {
	configured := d.environment.Settings.Cache

	valkey, err := cache.New(d.ctx, "cache", &cache.Args{
		Environment:           d.environment.Name,
		VPCID:                 d.vpc.VPCID,
		SubnetIDs:             d.vpc.DataSubnetIDs,
		ClientSecurityGroupID: d.vpc.NodeSecurityGroupID,
		DNSZoneID:             d.vpc.DNSZoneID,
		KeyARN:                d.key.KeyARN,
		Version:               configured.Version,
		NodeType:              configured.NodeType,
		Replicas:              configured.Replicas,
		SnapshotRetentionDays: configured.SnapshotRetentionDays,
		Users:                 d.environment.appsThatNeed(settings.NeedsRedis),
		KeepData:              d.environment.policy.keepsData,
		Protect:               d.environment.protects(),
	}, d.with)
	d.cache = valkey

	return err
}

// deployRunner deploys the runner of workflow jobs, if the settings name a repository.
func (d *deployment) deployRunner() error {
	repository := d.environment.Settings.Runner.Repository
	if repository == "" {
		return nil
	}

	_, err := runner.New(d.ctx, "runner", &runner.Args{
		Environment:        d.environment.Name,
		Place:              d.account.place,
		Repository:         repository,
		VPCID:              d.vpc.VPCID,
		SubnetIDs:          d.vpc.PrivateSubnetIDs,
		APISecurityGroupID: d.eks.APISecurityGroupID,
		KeyARN:             d.key.KeyARN,
		LogRetentionDays:   d.environment.policy.logRetentionDays,
		ExistingLogGroups:  d.account.logGroups,
	}, d.with)

	return err
}

func (d *deployment) deployIngress() error {
	entry, err := ingress.New(d.ctx, "ingress", &ingress.Args{
		Environment:         d.environment.Name,
		VPCID:               d.vpc.VPCID,
		VPCCIDRs:            d.account.ranges,
		SubnetIDs:           d.vpc.PublicSubnetIDs,
		NodeSecurityGroupID: d.vpc.NodeSecurityGroupID,
		ScalingGroupNames:   d.eks.ScalingGroupNames,
		CertificateARN:      d.environment.Settings.Ingress.CertificateARN,
		HighlyAvailable:     d.environment.policy.highlyAvailable,
		Kubernetes:          d.eks.Provider,
	}, d.with)
	d.entry = entry

	return err
}

func (d *deployment) deployGitOps() error {
	settings := d.environment.Settings

	args := &gitops.Args{
		Environment:       d.environment.Name,
		Repository:        settings.GitOps.Repository,
		Revision:          settings.GitOps.Revision,
		CredentialsSecret: settings.GitOps.CredentialsSecret,
		Prune:             settings.GitOps.Prune,
		SelfHeal:          settings.GitOps.SelfHeal,
		HighlyAvailable:   settings.GitOps.HighlyAvailable,
		Kubernetes:        d.eks.Provider,
	}

	for _, name := range slices.Sorted(maps.Keys(settings.Apps)) {
		identities, err := d.identities(name)
		if err != nil {
			return err
		}

		args.After = append(args.After, identities...)
		args.Applications = append(args.Applications, gitops.Application{
			Name: name, Platform: d.platform(name),
		})
	}

	argo, err := gitops.New(d.ctx, "gitops", args)
	d.argo = argo

	return err
}
