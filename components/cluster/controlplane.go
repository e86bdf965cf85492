package cluster

import (
	"context"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-eks/sdk/v2/go/eks"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/logs"
)

// LogType is a log of a control plane.
type LogType string

// LogTypes returns all logs of a control plane (Amazon EKS User Guide, "Send control plane logs to CloudWatch Logs").
func LogTypes() []LogType {
	return []LogType{"api", "audit", "authenticator", "controllerManager", "scheduler"}
}

// controlPlane creates the cluster itself, with the @pulumi/eks component. The other features of the component are off:
// its node group needs launch configurations, which new accounts cannot have, and its CNI is from 2024.
//
// The public endpoint is off, or omitted, which means on. If it were explicitly on, the component would wait up to five
// minutes for the API server to answer, even if its address is not admitted.
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

	return eks.NewCluster(b.Ctx, b.Name, &eks.ClusterArgs{
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
}

// publicAccess returns whether the API server has a public endpoint, and the ranges that reach it. The ranges are
// optional and computed: when they are removed, the provider sends the former ones again, together with the closed
// endpoint (hashicorp/terraform-provider-aws, internal/service/eks/cluster.go, resourceClusterUpdate). EKS accepts
// this, and keeps the unused ranges (aws/containers-roadmap#2002). The program sends no other ranges, so a public
// endpoint that is opened again by hand admits the former ranges and not the whole internet.
func (b *builder) publicAccess() (pulumi.BoolPtrInput, pulumi.StringArrayInput) {
	if len(b.args.PublicAccessCIDRs) == 0 {
		return pulumi.Bool(false), nil
	}

	return nil, pulumi.ToStringArray(b.args.PublicAccessCIDRs)
}

// explicitly sets properties of the cluster that the component does not expose, or sets differently:
//   - Only access entries give access. If the creator were an admin automatically, EKS would refuse a separate entry
//     (pulumi-eks#2373).
//   - EKS installs no add-ons of its own.
//   - A version out of support is upgraded, not billed six times as much.
//   - The subnets never change, because EKS keeps the zones of a control plane. Nodes can be in other zones.
//   - A replaced cluster is deleted first, because its successor has the same name.
//
// The engine applies this transform to the component's children.
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

// logTypes are the chosen logs, in the order of LogTypes.
func logTypes(chosen []LogType) pulumi.StringArray {
	types := pulumi.StringArray{}

	for _, logType := range LogTypes() {
		if slices.Contains(chosen, logType) {
			types = append(types, pulumi.String(logType))
		}
	}

	return types
}

// logGroup creates the log group of the control plane. EKS would create the group without a retention period.
func (b *builder) logGroup() (*cloudwatch.LogGroup, error) {
	const part = "logs"

	return logs.NewGroup(b.Scope, part, &logs.GroupArgs{
		Name:          LogGroupName(b.args.Environment),
		RetentionDays: b.args.LogRetentionDays,
		KeyARN:        b.args.KeyARN,
		Existing:      b.args.ExistingLogGroups,
	})
}

// LogGroupName is the log group of the cluster of an environment. EKS chooses the name.
func LogGroupName(environment string) string { return "/aws/eks/" + environment + "/cluster" }
