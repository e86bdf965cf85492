// Package cluster creates an environment's EKS cluster: control plane, managed node groups, add-ons, access entries,
// and the Kubernetes provider for the objects in it.
package cluster

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of a Cluster. All are required except LogTypes, ExistingLogGroups, Auditors, Viewers,
// PublicAccessCIDRs, Nodes, NodeTags and Protect.
type Args struct {
	// Environment is the prefix of physical names, such as "sandbox", and the name of the cluster.
	Environment string
	// Place is where the cluster is.
	Place scope.Place
	// Version is the Kubernetes minor, one of plan.Minors.
	Version string
	// NodeRelease is EKS's release version of the nodes' images; "" means the newest when a group is created.
	NodeRelease string
	// VPCID is the VPC of all subnets.
	VPCID pulumi.StringInput
	// SubnetIDs are the subnets of the control plane's interfaces, in at least two zones.
	SubnetIDs pulumi.StringArrayInput
	// NodeSubnetIDs are the nodes' subnets, by the zone's letter. Each waits for the subnet's default route: a node that
	// starts earlier never joins.
	NodeSubnetIDs map[string]pulumi.StringOutput
	// NodeSecurityGroupID is a security group that every node has besides EKS's own, so that other groups can admit nodes.
	NodeSecurityGroupID pulumi.StringInput
	// KeyARN is the key that encrypts Kubernetes Secrets and the control plane's logs.
	KeyARN pulumi.StringInput
	// LogRetentionDays is how long the control plane's logs are kept, one of the periods that CloudWatch Logs accepts.
	LogRetentionDays int
	// LogTypes are the enabled logs of the control plane, a subset of LogTypes().
	LogTypes []LogType
	// ExistingLogGroups are the names of the log groups that the account already has; the control plane's is imported.
	ExistingLogGroups []string
	// Admins, Auditors and Viewers are the ARNs of IAM roles and users. Admins can change everything, auditors can read
	// everything, and viewers can read Kubernetes's own kinds except secrets. The deploying principal must be an admin:
	// the creator of a cluster does not become one automatically.
	Admins, Auditors, Viewers []string
	// PublicAccessCIDRs can reach the API server from the internet. Without any, the public endpoint is off.
	PublicAccessCIDRs []string
	// Nodes are the kinds of nodes, by name. Each has a node group in each zone. Without any, add-ons that run on nodes
	// are omitted too.
	Nodes map[string]plan.NodeKind
	// NodeTags are the tags of the nodes' instances, volumes and network interfaces: the provider's default tags do not
	// reach resources that EC2 launches.
	NodeTags map[string]string
	// Addons are EKS's add-ons, by name: at least EssentialAddons.
	Addons map[string]Addon
	// Protect makes the engine refuse to delete the control plane.
	Protect bool
}

// Cluster is an environment's EKS cluster.
type Cluster struct {
	pulumi.ResourceState

	// Name is the name of the cluster. Resources that use it are created after the cluster and deleted before it.
	Name pulumi.StringOutput
	// Endpoint is the URL of the API server.
	Endpoint pulumi.StringOutput
	// APISecurityGroupID is the security group that EKS creates for the API server and the nodes. Clients inside the VPC
	// need a rule in it.
	APISecurityGroupID pulumi.StringOutput
	// Kubeconfig is a secret, for kubectl. It uses the AWS CLI and the user's own credentials.
	Kubeconfig pulumi.StringOutput
	// NodeGroupNames are the names of the node groups, ordered by kind and zone.
	NodeGroupNames pulumi.StringArrayOutput
	// ScalingGroupNames are the names of the autoscaling groups that start the nodes, by kind and zone, as in
	// "general-a".
	ScalingGroupNames map[string]pulumi.StringOutput
	// Provider deploys into the cluster. It waits for nodes and add-ons, and so do the resources that use it.
	Provider *kubernetes.Provider

	args *Args
}

// New creates a cluster. It fails before it creates anything if plan.NodeGroups refuses Nodes, or if an essential
// add-on is missing.
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

// plan computes the node groups, and refuses missing add-ons.
func (a *Args) plan() ([]plan.NodeGroup, error) {
	for _, name := range EssentialAddons() {
		if _, given := a.Addons[name]; !given {
			return nil, fmt.Errorf("add-ons: got no %s, expected all essential ones: without them, "+
				"nodes do not join or pods do not find each other", name)
		}
	}

	zones := make([]string, 0, len(a.NodeSubnetIDs))
	for zone := range a.NodeSubnetIDs {
		zones = append(zones, zone)
	}

	groups, err := plan.NodeGroups(a.Nodes, zones)
	if err != nil {
		return nil, fmt.Errorf("node groups: %w", err)
	}

	return groups, nil
}

// providersOf returns the providers among options. The SDK passes them to children, but not to a component in another
// process, whose children would get the default provider, without the default tags.
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

// builder creates the resources of one cluster.
type builder struct {
	scope.Scope

	args      *Args
	component *Cluster
	// providers are the providers among the component's options.
	providers []pulumi.ProviderResource
}

// build creates each resource after those that it needs: first what nodes need to join, then the nodes, then what needs
// nodes.
func (b *builder) build(groups []plan.NodeGroup) error {
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

// after makes a resource wait for resources that are not among its inputs.
func after(others []pulumi.Resource) pulumi.ResourceOption { return pulumi.DependsOn(others) }
