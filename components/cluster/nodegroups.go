package cluster

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/cluster/plan"
	"github.com/msur/platform/internal/nodes"
)

// nodeRole has the permissions of a node: joining, pulling images, and Session Manager, which needs no key and no open
// port. The CNI has a role of its own. It also returns the attachments of the role's policies.
func (b *builder) nodeRole() (*iam.Role, []pulumi.Resource, error) {
	return b.role("node", b.args.Place.EC2(),
		"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly", "AmazonSSMManagedInstanceCore")
}

// nodeGroups creates the launch template of each kind and the groups that use it. The groups wait for the other
// resources: a node without a CNI never joins.
func (b *builder) nodeGroups(
	groups []plan.NodeGroup, role *iam.Role, control *eks.Cluster, others []pulumi.Resource,
) ([]pulumi.Resource, error) {
	templates := make(map[string]*ec2.LaunchTemplate)
	names := make(pulumi.StringArray, 0, len(groups))
	declared := make([]pulumi.Resource, 0, len(groups))

	for _, group := range groups {
		if templates[group.KindName] == nil {
			template, err := b.launchTemplate(group.KindName, group.NodeKind)
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

// launchTemplate creates the launch template of a kind of nodes. It lists EKS's security group, because listed groups
// replace EKS's default, and without this group nodes cannot reach the control plane. Only the node can read its
// metadata: pods are one network hop further away. The disk is encrypted with the account's EBS key; with a key of
// ours, the key's policy would have to admit the autoscaling service.
func (b *builder) launchTemplate(kind string, described plan.NodeKind) (*ec2.LaunchTemplate, error) {
	part := "nodes-" + kind
	tags := b.Tags(part)

	return ec2.NewLaunchTemplate(b.Ctx, b.Logical(part), &ec2.LaunchTemplateArgs{
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
			DeviceName: pulumi.String("/dev/xvda"), // AL2023's root device
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
}

// launchTags are the tags of the resources that EC2 launches from a template, which get no default tags.
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

// nodeGroup has the nodes of a kind in one zone. Many of its properties cannot be changed in place, so it has a name
// prefix: the new group is created before the old one is deleted.
func (b *builder) nodeGroup(
	group plan.NodeGroup, role *iam.Role, template *ec2.LaunchTemplate, others []pulumi.Resource,
) (*awseks.NodeGroup, error) {
	part := "nodes-" + group.Name()

	return awseks.NewNodeGroup(b.Ctx, b.Logical(part), &awseks.NodeGroupArgs{
		ClusterName:         b.component.Name,
		NodeGroupNamePrefix: pulumi.String(b.args.Environment + "-" + group.Name() + "-"),
		NodeRoleArn:         role.Arn,
		SubnetIds:           pulumi.StringArray{b.args.NodeSubnetIDs[group.Zone]},
		Version:             pulumi.String(b.args.Version),
		ReleaseVersion:      set(b.args.NodeRelease),
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
	}, b.Child(), after(others), b.ReplaceUnfinished())
}

// set returns a string, or nil for "".
func set(value string) pulumi.StringPtrInput {
	if value == "" {
		return nil
	}

	return pulumi.String(value)
}

// capacityType is the capacity in EKS's API.
func capacityType(capacity nodes.Capacity) string {
	if capacity == nodes.Spot {
		return "SPOT"
	}

	return "ON_DEMAND"
}

// labels returns the labels of a kind, or nil for none, as EKS does.
func labels(described map[string]string) pulumi.StringMapInput {
	if len(described) == 0 {
		return nil
	}

	return pulumi.ToStringMap(described)
}

// taints returns the taints of a kind, with the effects of EKS's API.
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
