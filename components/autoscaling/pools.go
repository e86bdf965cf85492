package autoscaling

import (
	"fmt"
	"maps"
	"strconv"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/autoscaling/pool"
	"github.com/msur/platform/internal/nodes"
)

const (
	awsGroup  = "karpenter.k8s.aws"
	className = "nodes"
)

// nodeClass describes the instances of all pools, as the launch templates of the managed nodes do: only the node can
// read its metadata, and the disk is encrypted with the account's EBS key. A new image of Amazon Linux replaces the
// nodes, within the budgets of their pools. Its deletion waits until Karpenter has deleted its launch templates.
func (b *builder) nodeClass(profile *iam.InstanceProfile, others []pulumi.Resource) (pulumi.Resource, error) {
	tags := pulumi.ToStringMap(b.args.NodeTags)
	maps.Copy(tags, b.Tags("node"))

	return b.object("class", awsGroup+"/v1", "EC2NodeClass", className, pulumi.Map{
		"amiSelectorTerms":           pulumi.Array{pulumi.Map{"alias": pulumi.String("al2023@latest")}},
		"instanceProfile":            profile.Name,
		"subnetSelectorTerms":        ids(b.args.SubnetIDs),
		"securityGroupSelectorTerms": ids(b.args.SecurityGroupIDs),
		"associatePublicIPAddress":   pulumi.Bool(false),
		"metadataOptions": pulumi.Map{
			"httpEndpoint":            pulumi.String("enabled"),
			"httpProtocolIPv6":        pulumi.String("disabled"),
			"httpTokens":              pulumi.String("required"),
			"httpPutResponseHopLimit": pulumi.Int(1),
		},
		"blockDeviceMappings": pulumi.Array{pulumi.Map{
			"deviceName": pulumi.String("/dev/xvda"), // AL2023's root device
			"ebs": pulumi.Map{
				"volumeType": pulumi.String("gp3"), "volumeSize": pulumi.String("20Gi"),
				"encrypted": pulumi.Bool(true), "deleteOnTermination": pulumi.Bool(true),
			},
		}},
		"tags": tags,
	}, pulumi.DependsOn(others))
}

// ids are selector terms for resources with known ids.
func ids(of pulumi.StringArrayInput) pulumi.Output {
	return of.ToStringArrayOutput().ApplyT(func(known []string) []map[string]string {
		terms := make([]map[string]string, 0, len(known))
		for _, id := range known {
			terms = append(terms, map[string]string{"id": id})
		}

		return terms
	})
}

// nodePool declares what Karpenter may launch. Its deletion waits until its nodes are drained and terminated, because
// nothing else would terminate them: unlike other objects, it is not deleted together with the cluster.
func (b *builder) nodePool(name string, described pool.Pool, class pulumi.Resource) error {
	const spare = 10

	template := pulumi.Map{
		"nodeClassRef": pulumi.Map{
			"group": pulumi.String(awsGroup), "kind": pulumi.String("EC2NodeClass"), "name": pulumi.String(className),
		},
		"requirements":           requirements(described),
		"expireAfter":            pulumi.String(strconv.Itoa(described.MaxAgeDays*24) + "h"),
		"terminationGracePeriod": minutes(b.args.DrainMinutes),
	}

	if len(described.Taints) > 0 {
		template["taints"] = taints(described.Taints)
	}

	_, err := b.object("pool-"+name, "karpenter.sh/v1", "NodePool", name, pulumi.Map{
		"template": pulumi.Map{
			"metadata": pulumi.Map{"labels": pulumi.ToStringMap(described.Labels)}, "spec": template,
		},
		"limits": pulumi.Map{
			"cpu":    pulumi.String(strconv.Itoa(described.MaxVCPUs)),
			"memory": pulumi.String(strconv.Itoa(described.MaxMemoryGiB) + "Gi"),
		},
		"disruption": pulumi.Map{
			"consolidationPolicy": pulumi.String("WhenEmptyOrUnderutilized"),
			"consolidateAfter":    minutes(described.ConsolidateAfterMinutes),
			"budgets":             pulumi.Array{pulumi.Map{"nodes": pulumi.String(strconv.Itoa(described.MaxDisrupted))}},
		},
	}, pulumi.DependsOn([]pulumi.Resource{class}),
		pulumi.Timeouts(&pulumi.CustomTimeouts{Delete: fmt.Sprintf("%dm", b.args.DrainMinutes+spare)}))

	return err
}

func minutes(count int) pulumi.String { return pulumi.String(strconv.Itoa(count) + "m") }

// requirements limit the instance types of a pool, in the labels of Kubernetes and Karpenter.
func requirements(described pool.Pool) pulumi.Array {
	capacities := map[nodes.Capacity]string{nodes.Spot: "spot", nodes.OnDemand: "on-demand"}

	var sold []string
	for _, capacity := range described.Capacities {
		sold = append(sold, capacities[capacity])
	}

	all := pulumi.Array{
		requirement("kubernetes.io/os", "In", "linux"),
		requirement("kubernetes.io/arch", "In", words(described.Architectures())...),
		requirement("karpenter.sh/capacity-type", "In", sold...),
	}

	if len(described.InstanceTypes) > 0 {
		return append(all, requirement("node.kubernetes.io/instance-type", "In", described.InstanceTypes...))
	}

	// On the two smallest sizes, the pods that run on each node leave almost nothing.
	return append(all,
		requirement(awsGroup+"/instance-family", "In", described.InstanceFamilies...),
		requirement(awsGroup+"/instance-size", "NotIn", "nano", "micro"))
}

func requirement(key, operator string, values ...string) pulumi.Map {
	return pulumi.Map{
		"key": pulumi.String(key), "operator": pulumi.String(operator), "values": pulumi.ToStringArray(values),
	}
}

func words(architectures []nodes.Architecture) []string {
	var named []string
	for _, architecture := range architectures {
		named = append(named, string(architecture))
	}

	return named
}

func taints(described []nodes.Taint) pulumi.Array {
	var declared pulumi.Array

	for _, taint := range described {
		one := pulumi.Map{"key": pulumi.String(taint.Key), "effect": pulumi.String(string(taint.Effect))}
		if taint.Value != "" {
			one["value"] = pulumi.String(taint.Value)
		}

		declared = append(declared, one)
	}

	return declared
}

// object creates an object of one of Karpenter's kinds, which have no namespace.
func (b *builder) object(
	part, version, kind, name string, spec pulumi.Map, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	return apiextensions.NewCustomResource(b.Ctx, b.Logical(part), &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String(version),
		Kind:        pulumi.String(kind),
		Metadata:    metav1.ObjectMetaArgs{Name: pulumi.String(name)},
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, append(opts, b.Child(), pulumi.Provider(b.args.Kubernetes))...)
}
