// Package sdk reads what types, functions and provider configurations accept from the source of the Pulumi Go SDKs. It
// parses the SDKs and never imports them: linking them takes minutes and gigabytes.
package sdk

// Module is one SDK, with the types and functions that the simulation knows. Run `go generate ./...` in the rehearsal's
// folder after a change.
type Module struct {
	Name      string   // the catalogue's file name, and the package of its tokens
	Path      string   // the Go module
	Version   string   // exact: the module proxy does not list versions of these modules
	Folder    string   // of the package in the module
	Types     []string // resource tokens
	Functions []string // invoke tokens
}

// Modules returns the SDKs of all simulated providers.
func Modules() []Module {
	return []Module{awsModule(), kubernetesModule()}
}

func awsModule() Module {
	return Module{
		Name:    "aws",
		Path:    "github.com/pulumi/pulumi-aws/sdk/v6",
		Version: "v6.83.0",
		Folder:  "go/aws",
		Types: []string{
			"aws:autoscaling/attachment:Attachment",
			"aws:cloudwatch/eventRule:EventRule",
			"aws:cloudwatch/eventTarget:EventTarget",
			"aws:cloudwatch/logGroup:LogGroup",
			"aws:codebuild/project:Project",
			"aws:codebuild/webhook:Webhook",
			"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
			"aws:ec2/eip:Eip",
			"aws:ec2/flowLog:FlowLog",
			"aws:ec2/instance:Instance",
			"aws:ec2/internetGateway:InternetGateway",
			"aws:ec2/launchTemplate:LaunchTemplate",
			"aws:ec2/natGateway:NatGateway",
			"aws:ec2/route:Route",
			"aws:ec2/routeTable:RouteTable",
			"aws:ec2/routeTableAssociation:RouteTableAssociation",
			"aws:ec2/securityGroup:SecurityGroup",
			"aws:ec2/securityGroupRule:SecurityGroupRule",
			"aws:ec2/subnet:Subnet",
			"aws:ec2/vpc:Vpc",
			"aws:ec2/vpcEndpoint:VpcEndpoint",
			"aws:ecr/lifecyclePolicy:LifecyclePolicy",
			"aws:ecr/repository:Repository",
			"aws:eks/accessEntry:AccessEntry",
			"aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
			"aws:eks/addon:Addon",
			"aws:eks/cluster:Cluster",
			"aws:eks/nodeGroup:NodeGroup",
			"aws:eks/podIdentityAssociation:PodIdentityAssociation",
			"aws:elasticache/parameterGroup:ParameterGroup",
			"aws:elasticache/replicationGroup:ReplicationGroup",
			"aws:elasticache/subnetGroup:SubnetGroup",
			"aws:elasticache/user:User",
			"aws:elasticache/userGroup:UserGroup",
			"aws:iam/instanceProfile:InstanceProfile",
			"aws:iam/openIdConnectProvider:OpenIdConnectProvider",
			"aws:iam/policy:Policy",
			"aws:iam/role:Role",
			"aws:iam/rolePolicy:RolePolicy",
			"aws:iam/rolePolicyAttachment:RolePolicyAttachment",
			"aws:iam/serviceLinkedRole:ServiceLinkedRole",
			"aws:kms/alias:Alias",
			"aws:kms/key:Key",
			"aws:lb/listener:Listener",
			"aws:lb/loadBalancer:LoadBalancer",
			"aws:lb/targetGroup:TargetGroup",
			"aws:rds/instance:Instance",
			"aws:rds/parameterGroup:ParameterGroup",
			"aws:rds/subnetGroup:SubnetGroup",
			"aws:route53/record:Record",
			"aws:route53/zone:Zone",
			"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
			"aws:s3/bucketOwnershipControls:BucketOwnershipControls",
			"aws:s3/bucketPolicy:BucketPolicy",
			"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
			"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
			"aws:s3/bucketV2:BucketV2",
			"aws:s3/bucketVersioningV2:BucketVersioningV2",
			"aws:secretsmanager/secret:Secret",
			"aws:sqs/queue:Queue",
			"aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
			"aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
		},
		Functions: awsFunctions(),
	}
}

func awsFunctions() []string {
	return []string{
		"aws:cloudwatch/getLogGroups:getLogGroups",
		"aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings",
		"aws:ec2/getRouteTable:getRouteTable",
		"aws:ec2/getRouteTables:getRouteTables",
		"aws:ec2/getSubnet:getSubnet",
		"aws:ec2/getSubnets:getSubnets",
		"aws:ec2/getVpc:getVpc",
		"aws:ec2/getVpcEndpointService:getVpcEndpointService",
		"aws:ec2/getVpcs:getVpcs",
		"aws:eks/getAddonVersion:getAddonVersion",
		"aws:eks/getCluster:getCluster",
		"aws:eks/getClusters:getClusters",
		"aws:iam/getSessionContext:getSessionContext",
		"aws:index/getAvailabilityZones:getAvailabilityZones",
		"aws:index/getCallerIdentity:getCallerIdentity",
		"aws:index/getPartition:getPartition",
		"aws:index/getRegion:getRegion",
	}
}

func kubernetesModule() Module {
	return Module{
		Name:    "kubernetes",
		Path:    "github.com/pulumi/pulumi-kubernetes/sdk/v4",
		Version: "v4.23.0",
		Folder:  "go/kubernetes",
		Types: []string{
			"kubernetes:core/v1:ConfigMap",
			"kubernetes:core/v1:Namespace",
			"kubernetes:core/v1:Secret",
			"kubernetes:helm.sh/v3:Release",
		},
	}
}
