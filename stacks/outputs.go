package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Outputs are what an environment tells its users.
type Outputs struct {
	// Environment is the stack's name.
	Environment string
	// Policy is what the environment is, by which reports judge it.
	Policy Policy
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
	ArgoCD                                                ArgoCD
	// TryIt are commands, one for each application, that ask it through the load balancer.
	TryIt pulumi.StringArrayOutput
}

// Policy is what an environment is, whoever tunes it.
type Policy struct {
	// HighlyAvailable environments survive the loss of a zone, KeepsData ones leave snapshots behind, and anybody may talk
	// to the API server of OpenAPI ones.
	HighlyAvailable, KeepsData, OpenAPI bool
}

// ArgoCD tells how to reach Argo CD's user interface, and how to log in there.
type ArgoCD struct{ Reach, Login string }

// queries of the book's own requests, by application (chapter 10).
func queries() map[string]string {
	return map[string]string{"flights": "?flight_no=AA2532", "reservations": "?flight_id=werty"}
}

// requests are commands that ask the applications at the load balancer.
func (e *Environment) requests(hostname pulumi.StringOutput) pulumi.StringArrayOutput {
	var commands pulumi.StringArray

	for _, name := range slices.Sorted(maps.Keys(e.Settings.Apps)) {
		host, at := e.Settings.Ingress.Host, e.Settings.Apps[name].Path+queries()[name]

		// With a certificate, which is the host's and not the load balancer's, plain HTTP is redirected.
		command := pulumi.Sprintf("curl --header 'Host: %s' 'http://%s%s'", host, hostname, at)
		if e.Settings.Ingress.CertificateARN != "" {
			command = pulumi.Sprintf("curl --connect-to '%s:443:%s:443' 'https://%s%s'", host, hostname, host, at)
		}

		commands = append(commands, command)
	}

	return commands.ToStringArrayOutput()
}

// Export makes the outputs those of the stack.
func (o *Outputs) Export(ctx *pulumi.Context) {
	ctx.Export("environment", pulumi.String(o.Environment))
	ctx.Export("policy", pulumi.BoolMap{
		"highlyAvailable": pulumi.Bool(o.Policy.HighlyAvailable), "keepsData": pulumi.Bool(o.Policy.KeepsData),
		"openAPI": pulumi.Bool(o.Policy.OpenAPI),
	})
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
	ctx.Export("argocd", pulumi.StringMap{"reach": pulumi.String(o.ArgoCD.Reach), "login": pulumi.String(o.ArgoCD.Login)})
	ctx.Export("tryIt", o.TryIt)
}
