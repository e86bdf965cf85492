package stacks

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/stacks/settings"
)

// outputs returns the outputs of a deployed environment.
func (d *deployment) outputs() *Outputs {
	return &Outputs{
		Environment:          d.environment.Name,
		Policy:               d.environment.policy.public(),
		Exceptions:           d.environment.Settings.Exceptions,
		Zones:                slices.Sorted(slices.Values(d.environment.Settings.Network.Zones)),
		VPCID:                d.vpc.VPCID,
		PublicSubnetIDs:      d.vpc.PublicSubnetIDs,
		PrivateSubnetIDs:     d.vpc.PrivateSubnetIDs,
		DataSubnetIDs:        d.vpc.DataSubnetIDs,
		ClusterName:          d.eks.Name,
		ClusterEndpoint:      d.eks.Endpoint,
		Kubeconfig:           d.eks.Kubeconfig,
		NodeGroups:           d.eks.NodeGroupNames,
		DatabaseEndpoint:     d.mysql.Endpoint,
		CacheEndpoint:        d.cache.Endpoint,
		LoadBalancerHostname: d.entry.Hostname,
		ArgoCD:               ArgoCD{Reach: d.argo.Reach, Login: d.argo.Login},
		TryIt:                d.environment.requests(d.entry.Hostname),
	}
}

// Outputs are what an environment exports to its users.
type Outputs struct {
	// Environment is the stack's name.
	Environment string
	// Policy is the policy of the environment, from which the score card knows what to require.
	Policy Policy
	// Exceptions are the controls of the score card that the environment may fail, by id.
	Exceptions map[string]settings.Exception
	// Zones are the letters of the zones, sorted. Each list of subnets has one id for each zone.
	Zones                                            []string
	VPCID                                            pulumi.StringOutput
	PublicSubnetIDs, PrivateSubnetIDs, DataSubnetIDs pulumi.StringArrayOutput
	// ClusterName is the name of the EKS cluster, ClusterEndpoint the URL of its API server.
	ClusterName, ClusterEndpoint pulumi.StringOutput
	// Kubeconfig is for admins, auditors and viewers; it uses the AWS CLI and the user's own credentials. The output is a
	// secret.
	Kubeconfig pulumi.StringOutput
	// NodeGroups are the names of the node groups.
	NodeGroups pulumi.StringArrayOutput
	// DatabaseEndpoint, CacheEndpoint and LoadBalancerHostname are host names.
	DatabaseEndpoint, CacheEndpoint, LoadBalancerHostname pulumi.StringOutput
	ArgoCD                                                ArgoCD
	// TryIt has a command for each application, which sends the application a request through the load balancer.
	TryIt pulumi.StringArrayOutput
}

// Policy is the exported part of what defines an environment.
type Policy struct {
	// HighlyAvailable environments survive the loss of a zone. KeepsData environments leave snapshots behind.
	HighlyAvailable, KeepsData bool
}

// ArgoCD has the commands that reach Argo CD's user interface and print its password.
type ArgoCD struct{ Reach, Login string }

// queries returns the queries of the book's requests, by application (chapter 10).
func queries() map[string]string {
	return map[string]string{"flights": "?flight_no=AA2532", "reservations": "?flight_id=werty"}
}

// requests returns commands that send a request to each application through the load balancer.
func (e *Environment) requests(hostname pulumi.StringOutput) pulumi.StringArrayOutput {
	var commands pulumi.StringArray

	for _, name := range slices.Sorted(maps.Keys(e.Settings.Apps)) {
		host, at := e.Settings.Ingress.Host, e.Settings.Apps[name].Path+queries()[name]

		// With a certificate, plain HTTP is redirected. The certificate is for the host, not for the load balancer's name.
		command := pulumi.Sprintf("curl --header 'Host: %s' 'http://%s%s'", host, hostname, at)
		if e.Settings.Ingress.CertificateARN != "" {
			command = pulumi.Sprintf("curl --connect-to '%s:443:%s:443' 'https://%s%s'", host, hostname, host, at)
		}

		commands = append(commands, command)
	}

	return commands.ToStringArrayOutput()
}

// exceptions returns the exported form of the exceptions.
func exceptions(all map[string]settings.Exception) pulumi.StringMapMap {
	exported := make(pulumi.StringMapMap)
	for id, e := range all {
		exported[id] = pulumi.StringMap{"reason": pulumi.String(e.Reason), "until": pulumi.String(e.Until)}
	}

	return exported
}

// Export exports the outputs from the stack.
func (o *Outputs) Export(ctx *pulumi.Context) {
	ctx.Export("environment", pulumi.String(o.Environment))
	ctx.Export("policy", pulumi.BoolMap{
		"highlyAvailable": pulumi.Bool(o.Policy.HighlyAvailable), "keepsData": pulumi.Bool(o.Policy.KeepsData),
	})
	ctx.Export("exceptions", exceptions(o.Exceptions))
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
