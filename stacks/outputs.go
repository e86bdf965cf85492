package stacks

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// Outputs are what an environment tells its users.
type Outputs struct {
	// Environment is the stack's name.
	Environment string
	// Zones are the letters of the zones in use, in order; each list of subnets has one id for each.
	Zones                                            []string
	VPCID                                            pulumi.StringOutput
	PublicSubnetIDs, PrivateSubnetIDs, DataSubnetIDs pulumi.StringArrayOutput
	// ClusterName is the EKS cluster's, ClusterEndpoint the URL of its API server.
	ClusterName, ClusterEndpoint pulumi.StringOutput
	// Kubeconfig lets whoever is an admin or viewer in, with the AWS CLI and their own credentials. It is a secret.
	Kubeconfig pulumi.StringOutput
	// NodeGroups are the names of the node groups.
	NodeGroups pulumi.StringArrayOutput
	// DatabaseEndpoint, CacheEndpoint and LoadBalancerHostname are host names.
	DatabaseEndpoint, CacheEndpoint, LoadBalancerHostname pulumi.StringOutput
}

// Export makes the outputs those of the stack.
func (o *Outputs) Export(ctx *pulumi.Context) {
	ctx.Export("environment", pulumi.String(o.Environment))
	ctx.Export("zones", pulumi.ToStringArray(o.Zones))
	ctx.Export("vpcId", o.VPCID)
	ctx.Export("publicSubnetIds", o.PublicSubnetIDs)
	ctx.Export("privateSubnetIds", o.PrivateSubnetIDs)
	ctx.Export("dataSubnetIds", o.DataSubnetIDs)
	ctx.Export("clusterName", o.ClusterName)
	ctx.Export("clusterEndpoint", o.ClusterEndpoint)
	ctx.Export("kubeconfig", o.Kubeconfig)
	ctx.Export("nodeGroups", o.NodeGroups)
	ctx.Export("databaseEndpoint", o.DatabaseEndpoint)
	ctx.Export("cacheEndpoint", o.CacheEndpoint)
	ctx.Export("loadBalancerHostname", o.LoadBalancerHostname)
}
