package cluster

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster/nodes"
)

// nodeRole is what a node itself may do: join, pull images, and let somebody in by Session Manager, which needs no
// key and no open port. What the CNI needs is the CNI's alone. It returns the role's permissions too.
func (b *builder) nodeRole() (*iam.Role, []pulumi.Resource, error) {
	return b.role("node", "ec2.amazonaws.com",
		"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonSSMManagedInstanceCore")
}

// nodeGroups declares the launch template of each kind and the groups that use it. They wait for the others: a node
// that finds no CNI never joins.
func (b *builder) nodeGroups(
	groups []nodes.Group, role *iam.Role, control *eks.Cluster, others []pulumi.Resource,
) ([]pulumi.Resource, error) {
	templates := make(map[string]*ec2.LaunchTemplate)
	names := make(pulumi.StringArray, 0, len(groups))
	declared := make([]pulumi.Resource, 0, len(groups))

	for _, group := range groups {
		if templates[group.KindName] == nil {
			template, err := b.launchTemplate(group.KindName, group.Kind)
			if err != nil {
				return nil, err
			}

			templates[group.KindName] = template
		}

		made, err := b.nodeGroup(group, role, templates[group.KindName], append(slices.Clone(others), control))
		if err != nil {
			return nil, err
		}

		names = append(names, made.NodeGroupName)
		b.component.ScalingGroupNames[group.Name()] = made.Resources.Index(pulumi.Int(0)).AutoscalingGroups().
			Index(pulumi.Int(0)).Name().Elem()
		declared = append(declared, made)
	}

	b.component.NodeGroupNames = names.ToStringArrayOutput()

	return declared, nil
}

// launchTemplate is what the nodes of a kind start from. They carry EKS's group, or they could not talk to the
// control plane: a template that names groups takes the place of EKS's choice. Its metadata is for the node alone:
// a pod is one hop further. The disk is encrypted with the account's EBS key: for a key of our own, the autoscaling
// service would have to be in its policy.
func (b *builder) launchTemplate(kind string, described nodes.Kind) (*ec2.LaunchTemplate, error) {
	part := "nodes-" + kind
	tags := b.Tags(part)

	template, err := ec2.NewLaunchTemplate(b.Ctx, b.Logical(part), &ec2.LaunchTemplateArgs{
		NamePrefix:  pulumi.String(b.Physical(part) + "-"),
		Description: pulumi.String("Nodes of the kind " + kind),
		VpcSecurityGroupIds: pulumi.StringArray{
			b.component.APISecurityGroupID, b.args.NodeSecurityGroupID,
		},
		MetadataOptions: ec2.LaunchTemplateMetadataOptionsArgs{
			HttpEndpoint:            pulumi.String("enabled"),
			HttpTokens:              pulumi.String("required"),
			HttpPutResponseHopLimit: pulumi.Int(1),
		},
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String("/dev/xvda"), // where AL2023 has its root
			Ebs: ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
				VolumeType:          pulumi.String("gp3"),
				VolumeSize:          pulumi.Int(described.DiskGiB),
				Encrypted:           pulumi.String("true"),
				DeleteOnTermination: pulumi.String("true"),
			},
		}},
		TagSpecifications:    b.launchTags(part),
		UpdateDefaultVersion: pulumi.Bool(true),
		Tags:                 tags,
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("launch template of %s: %w", kind, err)
	}

	return template, nil
}

// launchTags are the tags of everything that EC2 launches from a template: the provider's default tags do not reach it.
func (b *builder) launchTags(part string) ec2.LaunchTemplateTagSpecificationArray {
	var specifications ec2.LaunchTemplateTagSpecificationArray

	for _, resourceType := range []string{"instance", "volume", "network-interface"} {
		tags := pulumi.ToStringMap(b.args.NodeTags)
		maps.Copy(tags, b.Tags(part))

		specifications = append(specifications, ec2.LaunchTemplateTagSpecificationArgs{
			ResourceType: pulumi.String(resourceType), Tags: tags,
		})
	}

	return specifications
}

// nodeGroup is one zone's nodes of a kind. Much of it cannot be changed in place, so it has a prefix and no name: the
// new group is up before the old one goes.
func (b *builder) nodeGroup(
	group nodes.Group, role *iam.Role, template *ec2.LaunchTemplate, others []pulumi.Resource,
) (*awseks.NodeGroup, error) {
	part := "nodes-" + group.Name()

	made, err := awseks.NewNodeGroup(b.Ctx, b.Logical(part), &awseks.NodeGroupArgs{
		ClusterName:         b.component.Name,
		NodeGroupNamePrefix: pulumi.String(b.args.Environment + "-" + group.Name() + "-"),
		NodeRoleArn:         role.Arn,
		SubnetIds:           pulumi.StringArray{b.args.NodeSubnetIDs[group.Zone]},
		Version:             pulumi.String(b.args.Version),
		AmiType:             pulumi.String(group.Image()),
		InstanceTypes:       pulumi.ToStringArray(group.InstanceTypes),
		CapacityType:        pulumi.String(capacityType(group.Capacity)),
		ScalingConfig: awseks.NodeGroupScalingConfigArgs{
			MinSize: pulumi.Int(group.Min), DesiredSize: pulumi.Int(group.Min), MaxSize: pulumi.Int(group.Max),
		},
		UpdateConfig: awseks.NodeGroupUpdateConfigArgs{MaxUnavailable: pulumi.Int(1)},
		LaunchTemplate: awseks.NodeGroupLaunchTemplateArgs{
			Id: template.ID(), Version: pulumi.Sprintf("%d", template.LatestVersion),
		},
		Labels: labels(group.Labels),
		Taints: taints(group.Taints),
		Tags:   b.Tags(part),
	}, b.Child(), after(others))
	if err != nil {
		return nil, fmt.Errorf("node group %s: %w", group.Name(), err)
	}

	return made, nil
}

// capacityType is EKS's name of a capacity.
func capacityType(capacity nodes.Capacity) string {
	if capacity == nodes.Spot {
		return "SPOT"
	}

	return "ON_DEMAND"
}

// labels are those of a kind; none at all where it has none, as the account tells it then.
func labels(described map[string]string) pulumi.StringMapInput {
	if len(described) == 0 {
		return nil
	}

	return pulumi.ToStringMap(described)
}

// taints are those of a kind, by EKS's names of the effects.
func taints(described []nodes.Taint) awseks.NodeGroupTaintArray {
	effects := map[nodes.Effect]string{
		nodes.NoSchedule: "NO_SCHEDULE", nodes.PreferNoSchedule: "PREFER_NO_SCHEDULE", nodes.NoExecute: "NO_EXECUTE",
	}

	var declared awseks.NodeGroupTaintArray
	for _, taint := range described {
		declared = append(declared, awseks.NodeGroupTaintArgs{
			Key: pulumi.String(taint.Key), Value: pulumi.String(taint.Value), Effect: pulumi.String(effects[taint.Effect]),
		})
	}

	return declared
}
