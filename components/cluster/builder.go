package cluster

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster/nodes"
)

// builder declares the resources of one cluster, step by step.
type builder struct {
	ctx       *pulumi.Context
	name      string
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
	b.component.Kubeconfig = kubeconfig(b.args.Region, control.EksCluster)

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

// logical is the Pulumi name of a part of the cluster; it never holds the environment.
func (b *builder) logical(part string) string { return b.name + "-" + part }

// physical is the name that people see in the account; it never holds the Pulumi name, which may change.
func (b *builder) physical(part string) string { return b.args.Environment + "-cluster-" + part }

// tags names a part.
func (b *builder) tags(part string) pulumi.StringMap {
	return pulumi.StringMap{"Name": pulumi.String(b.physical(part))}
}

// child puts a resource under the component.
func (b *builder) child() pulumi.ResourceOption { return pulumi.Parent(b.component) }

// after makes a resource wait for others that none of its inputs names.
func after(others []pulumi.Resource) pulumi.ResourceOption { return pulumi.DependsOn(others) }
