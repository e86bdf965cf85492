package cluster

import (
	"context"
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/logs"
)

// LogType is one of the logs of a control plane.
type LogType string

// LogTypes returns all logs of a control plane (Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs").
func LogTypes() []LogType {
	return []LogType{"api", "audit", "authenticator", "controllerManager", "scheduler"}
}

// controlPlane declares the cluster itself, by the @pulumi/eks component. What that can make besides is turned off:
// its node group needs launch configurations, which new accounts cannot have, and its CNI is one of 2024.
//
// The public endpoint is off or left to its default, which is on: where it is said to be on, the component asks the
// API server for up to five minutes whether it is up, and only then goes on, also where its caller is not let in.
func (b *builder) controlPlane(nodeRole *iam.Role) (*eks.Cluster, error) {
	group, err := b.logGroup()
	if err != nil {
		return nil, err
	}

	role, first, err := b.role("control-plane", "eks.amazonaws.com", "AmazonEKSClusterPolicy")
	if err != nil {
		return nil, err
	}

	public, cidrs := b.publicAccess()
	api := eks.AuthenticationModeApi

	cluster, err := eks.NewCluster(b.Ctx, b.Name, &eks.ClusterArgs{
		Name:                   pulumi.String(b.args.Environment),
		Version:                pulumi.String(b.args.Version),
		VpcId:                  b.args.VPCID.ToStringOutput().ToStringPtrOutput(),
		SubnetIds:              b.args.SubnetIDs,
		EndpointPrivateAccess:  pulumi.Bool(true),
		EndpointPublicAccess:   public,
		PublicAccessCidrs:      cidrs,
		AuthenticationMode:     &api,
		AccessEntries:          b.accessEntries(),
		InstanceRole:           nodeRole,
		EncryptionConfigKeyArn: b.args.KeyARN.ToStringOutput().ToStringPtrOutput(),
		EnabledClusterLogTypes: logTypes(b.args.LogTypes),
		ServiceRole:            role,
		SkipDefaultNodeGroup:   new(true),
		UseDefaultVpcCni:       new(true),

		ClusterTags:              b.Tags("eks"),
		ClusterSecurityGroupTags: b.Tags("control-plane"),
		NodeSecurityGroupTags:    b.Tags("unused"), // managed node groups do not carry it
	}, b.Child(), pulumi.Providers(b.providers...), after(append(first, group)),
		pulumi.Transforms([]pulumi.ResourceTransform{b.args.explicitly, b.args.renamed}))
	if err != nil {
		return nil, fmt.Errorf("control plane: %w", err)
	}

	return cluster, nil
}

// publicAccess returns whether the API server has a public endpoint, and who reaches it. The ranges are optional and
// computed: when they are removed, the provider sends the former ones again, together with the closed endpoint
// (hashicorp/terraform-provider-aws, internal/service/eks/cluster.go, resourceClusterUpdate). EKS accepts that, and
// keeps the ranges without using them (aws/containers-roadmap#2002), so nothing is sent in their place: a public
// endpoint that is opened again by hand admits the former ranges and not the whole internet.
func (b *builder) publicAccess() (pulumi.BoolPtrInput, pulumi.StringArrayInput) {
	if len(b.args.PublicAccessCIDRs) == 0 {
		return pulumi.Bool(false), nil
	}

	return nil, pulumi.ToStringArray(b.args.PublicAccessCIDRs)
}

// explicitly sets what the component does not let one say of its cluster, or says otherwise: that nobody is admin by
// birth, so that access is what the access entries say (with the creator among them, an entry of its own is refused,
// pulumi-eks#2373); that add-ons come from us alone; that a version out of support is upgraded rather than billed six
// times as much. It also says how the cluster changes: its subnets never do, for EKS keeps the zones of a control plane
// as they were at first, and nodes may be in others; and a new cluster takes the old one's name, so that the old one
// goes first, with all that is in it. The engine applies it to the component's children.
func (a *Args) explicitly(_ context.Context, child *pulumi.ResourceTransformArgs) *pulumi.ResourceTransformResult {
	if child.Type != "aws:eks/cluster:Cluster" {
		return nil
	}

	child.Props["accessConfig"] = pulumi.Map{
		"authenticationMode":                      pulumi.String("API"),
		"bootstrapClusterCreatorAdminPermissions": pulumi.Bool(false),
	}
	child.Props["bootstrapSelfManagedAddons"] = pulumi.Bool(false)
	child.Props["upgradePolicy"] = pulumi.Map{"supportType": pulumi.String("STANDARD")}

	child.Opts.IgnoreChanges = append(child.Opts.IgnoreChanges, "vpcConfig.subnetIds")
	child.Opts.DeleteBeforeReplace = true
	child.Opts.Protect = child.Opts.Protect || a.Protect

	return &pulumi.ResourceTransformResult{Props: child.Props, Opts: child.Opts}
}

// logTypes are what the control plane logs, in the order of LogTypes.
func logTypes(chosen []LogType) pulumi.StringArray {
	types := pulumi.StringArray{}

	for _, logType := range LogTypes() {
		if slices.Contains(chosen, logType) {
			types = append(types, pulumi.String(logType))
		}
	}

	return types
}

// logGroup is where EKS writes the control plane's logs; it would make the group by itself, to be kept for ever.
func (b *builder) logGroup() (*cloudwatch.LogGroup, error) {
	const part = "logs"

	group, err := logs.NewGroup(b.Scope, part, &logs.GroupArgs{
		Name:          LogGroupName(b.args.Environment),
		RetentionDays: b.args.LogRetentionDays,
		KeyARN:        b.args.KeyARN,
		Existing:      b.args.ExistingLogGroups,
	})
	if err != nil {
		return nil, fmt.Errorf("logs of the control plane: %w", err)
	}

	return group, nil
}

// LogGroupName is the log group that EKS writes to for the cluster of an environment; the name is EKS's choice.
func LogGroupName(environment string) string { return "/aws/eks/" + environment + "/cluster" }
