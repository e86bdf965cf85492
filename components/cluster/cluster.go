// Package cluster is an environment's EKS cluster: control plane, managed node groups, add-ons, who may enter, and
// the Kubernetes provider for what runs in it.
package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster/nodes"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of a Cluster. All are required but for LogTypes, ExistingLogGroups, Auditors, Viewers,
// PublicAccessCIDRs, Nodes, NodeTags and Protect.
type Args struct {
	// Environment starts every physical name, such as "sandbox", and is the cluster's own.
	Environment string
	// Place is where the cluster is.
	Place scope.Place
	// Version is the Kubernetes minor, one of versions.Known.
	Version string
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// SubnetIDs are where EKS puts the control plane's interfaces: in at least two zones.
	SubnetIDs pulumi.StringArrayInput
	// NodeSubnetIDs are where nodes start, by the zone's letter. Each is known once the subnet has its way out: a
	// node that starts before never joins.
	NodeSubnetIDs map[string]pulumi.StringOutput
	// NodeSecurityGroupID is a security group that every node carries beside EKS's own, for others to name.
	NodeSecurityGroupID pulumi.StringInput
	// KeyARN is the key that encrypts Kubernetes's secrets and the control plane's logs.
	KeyARN pulumi.StringInput
	// LogRetentionDays is how long the control plane's logs are kept, one of the periods that CloudWatch Logs knows.
	LogRetentionDays int
	// LogTypes are what the control plane logs, of LogTypes(); without any, it logs nothing.
	LogTypes []LogType
	// ExistingLogGroups are the names of log groups that the account already has; the control plane's is imported.
	ExistingLogGroups []string
	// Admins, Auditors and Viewers are ARNs of IAM roles and users that may change everything, look at everything, and
	// look at Kubernetes's own kinds but for secrets. Whoever deploys must be an admin: nobody is one by birth.
	Admins, Auditors, Viewers []string
	// PublicAccessCIDRs may reach the API server from the internet. Where there are none, nobody may.
	PublicAccessCIDRs []string
	// Nodes are the kinds of nodes, by name; there is a node group of each in each zone. Without any, only what runs
	// beside nodes is there.
	Nodes map[string]nodes.Kind
	// NodeTags are put on instances, volumes and network interfaces of nodes: the provider's default tags do not reach
	// what EC2 launches.
	NodeTags map[string]string
	// Addons are EKS's add-ons, by name: at least EssentialAddons.
	Addons map[string]Addon
	// Protect has the engine refuse to delete the control plane.
	Protect bool
}

// Cluster is an environment's EKS cluster.
type Cluster struct {
	pulumi.ResourceState

	// Name is the cluster's; whatever uses it is made after the cluster, and deleted before.
	Name pulumi.StringOutput
	// Endpoint is the URL of the API server.
	Endpoint pulumi.StringOutput
	// APISecurityGroupID is the security group that EKS creates for the API server and the nodes. Clients inside the VPC
	// need a rule in it.
	APISecurityGroupID pulumi.StringOutput
	// Kubeconfig lets kubectl in, with the AWS CLI and the credentials of whoever uses it. It is a secret.
	Kubeconfig pulumi.StringOutput
	// NodeGroupNames are the names of the node groups, ordered by kind and zone.
	NodeGroupNames pulumi.StringArrayOutput
	// ScalingGroupNames are the names of the autoscaling groups that start the nodes, by kind and zone, as in
	// "general-a".
	ScalingGroupNames map[string]pulumi.StringOutput
	// Provider deploys into the cluster. It waits for nodes and add-ons, and so does all that uses it.
	Provider *kubernetes.Provider

	args *Args
}

// New makes a cluster. It fails before it makes anything where nodes.Plan refuses Nodes, or an essential add-on is
// missing.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Cluster, error) {
	groups, err := args.plan()
	if err != nil {
		return nil, fmt.Errorf("planning %s: %w", name, err)
	}

	component := &Cluster{args: args, ScalingGroupNames: make(map[string]pulumi.StringOutput)}

	scoped, err := scope.Register(ctx, "platform:cluster:Cluster", name, args.Environment+"-cluster", component, opts...)
	if err != nil {
		return nil, err
	}

	providers, err := providersOf(opts)
	if err != nil {
		return nil, fmt.Errorf("reading the options of %s: %w", name, err)
	}

	b := &builder{Scope: scoped, args: args, component: component, providers: providers}
	if err := b.build(groups); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{
		"name":           component.Name,
		"endpoint":       component.Endpoint,
		"nodeGroupNames": component.NodeGroupNames,
	})
}

// plan computes the node groups, and finds what is missing.
func (a *Args) plan() ([]nodes.Group, error) {
	for _, name := range EssentialAddons() {
		if _, given := a.Addons[name]; !given {
			return nil, fmt.Errorf("add-ons: got no %s, want it: no node joins, or no pod finds another, without", name)
		}
	}

	zones := make([]string, 0, len(a.NodeSubnetIDs))
	for zone := range a.NodeSubnetIDs {
		zones = append(zones, zone)
	}

	groups, err := nodes.Plan(a.Nodes, zones)
	if err != nil {
		return nil, fmt.Errorf("node groups: %w", err)
	}

	return groups, nil
}

// providersOf returns the providers among options. The SDK hands them on to children, but not to those of a component
// that runs elsewhere, whose own children would be made by the default provider, without the default tags.
func providersOf(opts []pulumi.ResourceOption) ([]pulumi.ProviderResource, error) {
	options, err := pulumi.NewResourceOptions(opts...)
	if err != nil {
		return nil, fmt.Errorf("options: %w", err)
	}

	providers := options.Providers
	if options.Provider != nil {
		providers = append(providers, options.Provider)
	}

	return providers, nil
}

// builder declares the resources of one cluster, step by step.
type builder struct {
	scope.Scope

	args      *Args
	component *Cluster
	// providers are those that the component was given.
	providers []pulumi.ProviderResource
}

// build declares everything, in the order in which one thing needs another: what nodes need to join, the nodes,
// what needs nodes.
func (b *builder) build(groups []nodes.Group) error {
	role, permissions, err := b.nodeRole()
	if err != nil {
		return err
	}

	control, err := b.controlPlane(role)
	if err != nil {
		return err
	}

	b.component.Name = control.EksCluster.Name()
	b.component.Endpoint = control.EksCluster.Endpoint()
	b.component.APISecurityGroupID = control.EksCluster.VpcConfig().ClusterSecurityGroupId().Elem()
	b.component.Kubeconfig = kubeconfig(b.args.Place.Region, control.EksCluster)

	joining, err := b.joiningAddons()
	if err != nil {
		return err
	}

	declared, err := b.nodeGroups(groups, role, control, append(joining, permissions...))
	if err != nil {
		return err
	}

	running, err := b.runningAddons(declared)
	if err != nil {
		return err
	}

	return b.provider(append(running, control))
}

// after makes a resource wait for others that none of its inputs names.
func after(others []pulumi.Resource) pulumi.ResourceOption { return pulumi.DependsOn(others) }
