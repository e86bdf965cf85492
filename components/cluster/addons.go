package cluster

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The add-ons that every cluster needs.
const (
	podIdentityAgent = "eks-pod-identity-agent"
	vpcCNI           = "vpc-cni"
	kubeProxy        = "kube-proxy"
	coreDNS          = "coredns"
	metricsServer    = "metrics-server"
)

// EssentialAddons returns the add-ons of every cluster: identities and network of pods, DNS, and metrics for
// autoscaling.
func EssentialAddons() []string {
	return []string{podIdentityAgent, vpcCNI, kubeProxy, coreDNS, metricsServer}
}

// Addon configures an EKS add-on.
type Addon struct {
	// Version is an EKS version of the add-on, such as "v1.20.4-eksbuild.2", for the cluster's minor.
	Version string
	// Values configure the add-on, by the keys of its schema. They override the values that an essential add-on needs.
	Values map[string]any
	// Role is for an add-on that calls AWS.
	Role *AddonRole
}

// AddonRole is the IAM role of an add-on.
type AddonRole struct {
	// Namespace and ServiceAccount identify the add-on's service account.
	Namespace, ServiceAccount string
	// PolicyARNs are managed policies.
	PolicyARNs []string
}

// systemNamespace is the namespace of EKS's own add-ons.
const systemNamespace = "kube-system"

// needed is the configuration of the essential add-ons. The agent tolerates every taint, because without it the pods of
// a node have no identity. The CNI enforces network policies.
func needed(name string) map[string]any {
	switch name {
	case podIdentityAgent:
		return map[string]any{"tolerations": []any{map[string]any{"operator": "Exists"}}}
	case vpcCNI:
		return map[string]any{"enableNetworkPolicy": "true"}
	}

	return map[string]any{}
}

// joiningAddons creates the add-ons that a node needs to join: identities, then the network, with a role for the CNI
// instead of the nodes' role. It returns the resources that a node group waits for.
func (b *builder) joiningAddons() ([]pulumi.Resource, error) {
	agent, err := b.addon(podIdentityAgent, nil)
	if err != nil {
		return nil, err
	}

	identity, err := b.component.NewWorkloadIdentity(b.Ctx, b.Logical("cni"), &WorkloadIdentityArgs{
		Namespace:      systemNamespace,
		ServiceAccount: "aws-node",
		PolicyARNs:     []string{b.args.Place.ManagedPolicy("AmazonEKS_CNI_Policy")},
	})
	if err != nil {
		return nil, fmt.Errorf("identity of the CNI: %w", err)
	}

	network, err := b.addon(vpcCNI, append(identity.Parts, agent))
	if err != nil {
		return nil, err
	}

	proxy, err := b.addon(kubeProxy, nil)
	if err != nil {
		return nil, err
	}

	return append(identity.Parts, agent, network, proxy), nil
}

// runningAddons creates the add-ons that run as pods on nodes. Without nodes they would be degraded, and EKS would
// check them again only after 15 minutes, so they are omitted then. It returns the node groups and the add-ons.
func (b *builder) runningAddons(groups []pulumi.Resource) ([]pulumi.Resource, error) {
	if len(groups) == 0 {
		return nil, nil
	}

	up := slices.Clone(groups)

	for _, name := range slices.Sorted(maps.Keys(b.args.Addons)) {
		if slices.Contains([]string{podIdentityAgent, vpcCNI, kubeProxy}, name) {
			continue
		}

		others, err := b.addonIdentity(name, b.args.Addons[name].Role)
		if err != nil {
			return nil, err
		}

		declared, err := b.addon(name, append(others, groups...))
		if err != nil {
			return nil, err
		}

		up = append(up, declared)
	}

	return up, nil
}

// addonIdentity creates the role of an add-on that has one.
func (b *builder) addonIdentity(name string, role *AddonRole) ([]pulumi.Resource, error) {
	if role == nil {
		return nil, nil
	}

	identity, err := b.component.NewWorkloadIdentity(b.Ctx, b.Logical(name), &WorkloadIdentityArgs{
		Namespace:      role.Namespace,
		ServiceAccount: role.ServiceAccount,
		PolicyARNs:     role.PolicyARNs,
	})
	if err != nil {
		return nil, fmt.Errorf("identity of the add-on %s: %w", name, err)
	}

	return identity.Parts, nil
}

// addon creates an add-on, after others. It overwrites manual changes: by default, EKS would fail on them and leave the
// cluster half created.
func (b *builder) addon(name string, others []pulumi.Resource) (*eks.Addon, error) {
	addon := b.args.Addons[name]

	values := needed(name)
	maps.Copy(values, addon.Values)

	var configuration pulumi.StringPtrInput

	if len(values) > 0 {
		text, err := json.Marshal(values)
		if err != nil {
			return nil, fmt.Errorf("values of the add-on %s: %w", name, err)
		}

		configuration = pulumi.String(text)
	}

	return eks.NewAddon(b.Ctx, b.Logical(name), &eks.AddonArgs{
		ClusterName:              b.component.Name,
		AddonName:                pulumi.String(name),
		AddonVersion:             pulumi.String(addon.Version),
		ConfigurationValues:      configuration,
		ResolveConflictsOnCreate: pulumi.String("OVERWRITE"),
		ResolveConflictsOnUpdate: pulumi.String("OVERWRITE"),
		Tags:                     b.Tags(name),
	}, b.Child(), after(others))
}
