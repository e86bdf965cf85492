package account_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

const (
	iamARN      = "arn:aws:iam::123456789012:"
	boundaryARN = iamARN + "policy/platform-boundary"
	// secretARN lacks "arn:aws", which regional adds.
	secretARN = "secretsmanager:us-east-1:123456789012:secret:"
)

// bounded is a request about a role that has or gets the boundary.
func bounded(action, role string) request {
	return request{action, iamARN + "role/" + role, map[string]string{"iam:PermissionsBoundary": boundaryARN}}
}

// passes is the request to pass a role to a service.
func passes(role, service string) request {
	return request{"iam:PassRole", iamARN + "role/" + role, map[string]string{"iam:PassedToService": service}}
}

func regional(action, resource string) request {
	return request{action: action, resource: "arn:aws:" + resource}
}

func TestTheDeployRoleCanDeploy(t *testing.T) {
	t.Parallel()

	deploy := powerOf(t, run(t, configured(t)), "platform-deploy")

	for _, r := range []request{
		bounded("iam:CreateRole", "sandbox-cluster-node"),
		bounded("iam:AttachRolePolicy", "staging-database-monitoring"),
		bounded("iam:PutRolePolicy", "sandbox-network-flow-logs"),
		bounded("iam:UpdateAssumeRolePolicy", "sandbox-cluster-node"),
		bounded("iam:DetachRolePolicy", "sandbox-cluster-node"),
		{action: "iam:DeleteRole", resource: iamARN + "role/sandbox-cluster-node"},
		passes("sandbox-cluster-node", "ec2.amazonaws.com"),
		passes("sandbox-flights-flights", "pods.eks.amazonaws.com"),
		{
			"iam:CreateServiceLinkedRole", iamARN + "role/aws-service-role/rds.amazonaws.com/AWSServiceRoleForRDS",
			map[string]string{"iam:AWSServiceName": "rds.amazonaws.com"},
		},
		{action: "eks:CreateCluster", resource: "*"},
		regional("eks:DeleteNodegroup", "eks:us-east-1:123456789012:nodegroup/sandbox/general-a/1"),
		regional("ec2:CreateVpc", "ec2:us-east-1:123456789012:vpc/*"),
		regional("ec2:RunInstances", "ec2:us-east-1::image/ami-1"),
		regional("rds:CreateDBInstance", "rds:us-east-1:123456789012:db:staging-database"),
		regional("logs:CreateLogGroup", "logs:us-east-1:123456789012:log-group:/aws/eks/sandbox/cluster"),
		regional("kms:PutKeyPolicy", "kms:us-east-1:123456789012:key/k"),
		regional("s3:PutObject", "s3:us-east-1:123456789012:BucketV2-state-bucket/.pulumi/stacks/platform/sandbox.json"),
		regional("autoscaling:AttachLoadBalancerTargetGroups",
			"autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/eks-sandbox-general-a-1"),
		{action: "ec2:DescribeVpcs", resource: "*"},
	} {
		assert.True(t, deploy.allows(r), "%s on %s", r.action, r.resource)
	}
}

// Control A1: the deploy role cannot give itself or another principal more permissions.
func TestTheDeployRoleCannotEscalate(t *testing.T) {
	t.Parallel()

	deploy := powerOf(t, run(t, configured(t)), "platform-deploy")

	for what, r := range map[string]request{
		"a role without the boundary": {action: "iam:CreateRole", resource: iamARN + "role/sandbox-admin"},
		"a role within another boundary": {
			"iam:CreateRole", iamARN + "role/sandbox-admin",
			map[string]string{"iam:PermissionsBoundary": iamARN + "policy/sandbox-boundary"},
		},
		"attaching to an unbounded role":   {action: "iam:AttachRolePolicy", resource: iamARN + "role/sandbox-admin"},
		"removing a boundary":              bounded("iam:DeleteRolePermissionsBoundary", "sandbox-cluster-node"),
		"removing its own boundary":        bounded("iam:DeleteRolePermissionsBoundary", "platform-deploy"),
		"attaching a policy to itself":     bounded("iam:AttachRolePolicy", "platform-deploy"),
		"trust of an unbounded role":       {action: "iam:UpdateAssumeRolePolicy", resource: iamARN + "role/sandbox-admin"},
		"detaching from an unbounded role": {action: "iam:DetachRolePolicy", resource: iamARN + "role/sandbox-admin"},
		"deleting from an unbounded role":  {action: "iam:DeleteRolePolicy", resource: iamARN + "role/sandbox-admin"},
		"changing its own trust":           {action: "iam:UpdateAssumeRolePolicy", resource: iamARN + "role/platform-deploy"},
		"another owner's role":             bounded("iam:CreateRole", "admin"),
		"a new boundary":                   {action: "iam:CreatePolicyVersion", resource: boundaryARN},
		"a former boundary":                {action: "iam:SetDefaultPolicyVersion", resource: boundaryARN},
		"a user":                           {action: "iam:CreateUser", resource: iamARN + "user/sandbox-user"},
		"a long-lived access key":          {action: "iam:CreateAccessKey", resource: iamARN + "user/admin"},
		"another provider":                 {action: "iam:CreateOpenIDConnectProvider", resource: iamARN + "oidc-provider/x"},
		"passing itself to an instance":    passes("platform-deploy", "ec2.amazonaws.com"),
		"a role for another service":       passes("sandbox-cluster-node", "lambda.amazonaws.com"),
		"a service's own role": {
			"iam:CreateServiceLinkedRole", iamARN + "role/aws-service-role/x.amazonaws.com/X",
			map[string]string{"iam:AWSServiceName": "x.amazonaws.com"},
		},
		"another role by name": {action: "sts:AssumeRole", resource: iamARN + "role/admin"},
		"the bucket of states": regional("s3:DeleteBucket", "s3:us-east-1:123456789012:BucketV2-state-bucket"),
		"old states":           regional("s3:DeleteObjectVersion", "s3:us-east-1:123456789012:BucketV2-state-bucket/x"),
		"another bucket":       regional("s3:GetObject", "s3:::other/x"),
		"another region":       regional("ec2:CreateVpc", "ec2:eu-west-1:123456789012:vpc/*"),
		"another cluster":      regional("eks:DeleteCluster", "eks:us-east-1:123456789012:cluster/another"),
		"another database":     regional("rds:DeleteDBInstance", "rds:us-east-1:123456789012:db:another-database"),
		"a secret's value": regional(
			"secretsmanager:GetSecretValue", "secretsmanager:us-east-1:123456789012:secret:rds!1"),
		"data of another key":    regional("kms:Decrypt", "kms:us-east-1:123456789012:key/other"),
		"an image under a name":  regional("ecr:PutImage", "ecr:us-east-1:123456789012:repository/platform/flights"),
		"the account's settings": {action: "organizations:LeaveOrganization", resource: "*"},
	} {
		assert.False(t, deploy.allows(r), what)
	}
}

// The boundary limits every policy, of the deploy role and of the roles that it creates.
func TestTheBoundaryLimitsEveryAttachedPolicy(t *testing.T) {
	t.Parallel()

	admin := powerOf(t, run(t, configured(t)), "platform-deploy")
	admin.policies = []statement{{Effect: "Allow", Action: []string{"*"}, Resource: []string{"*"}}}

	for what, r := range map[string]request{
		"a role without the boundary":        {action: "iam:CreateRole", resource: iamARN + "role/sandbox-admin"},
		"removing its own boundary":          bounded("iam:DeleteRolePermissionsBoundary", "platform-deploy"),
		"attaching a policy to itself":       bounded("iam:AttachRolePolicy", "platform-deploy"),
		"a new boundary":                     {action: "iam:CreatePolicyVersion", resource: boundaryARN},
		"a user":                             {action: "iam:CreateUser", resource: iamARN + "user/u"},
		"another role":                       {action: "sts:AssumeRole", resource: iamARN + "role/admin"},
		"trust for another role":             {action: "iam:UpdateAssumeRolePolicy", resource: iamARN + "role/sandbox-admin"},
		"the bucket of states":               {action: "s3:DeleteBucket", resource: "arn:aws:s3:::states"},
		"old states":                         {action: "s3:DeleteObjectVersion", resource: "arn:aws:s3:::states/x"},
		"objects of another bucket":          {action: "s3:GetObject", resource: "arn:aws:s3:::other/x"},
		"another owner's secret":             regional("secretsmanager:GetSecretValue", secretARN+"payments"),
		"another owner's parameter":          regional("ssm:GetParameter", "ssm:us-east-1:123456789012:parameter/payments"),
		"changing another owner's parameter": regional("ssm:PutParameter", "ssm:us-east-1:123456789012:parameter/payments"),
		"a key of another region":            regional("kms:Decrypt", "kms:eu-west-1:123456789012:key/k"),
		"an unused service":                  {action: "lambda:CreateFunction", resource: "*"},
	} {
		assert.False(t, admin.allows(r), what)
	}

	assert.True(t, admin.allows(bounded("iam:CreateRole", "sandbox-cluster-node")), "its purpose is still allowed")

	for what, r := range map[string]request{
		"logging in to a database":      {action: "rds-db:connect", resource: "*"},
		"the admin's password":          regional("secretsmanager:GetSecretValue", secretARN+"rds!db-1"),
		"data of the environment's key": regional("kms:Decrypt", "kms:us-east-1:123456789012:key/k"),
		"a key for an environment":      {action: "kms:CreateKey", resource: "*"},
		"the names of keys":             {action: "kms:ListAliases", resource: "*"},
		"the states":                    regional("s3:PutObject", "s3:us-east-1:123456789012:BucketV2-state-bucket/x"),
		"a session on a node":           {action: "ssmmessages:OpenDataChannel", resource: "*"},
	} {
		assert.True(t, admin.allows(r), "its roles are for %s", what)
	}
}

func TestOtherRolesAreReadOnly(t *testing.T) {
	t.Parallel()

	g := run(t, configured(t))
	image := regional("ecr:PutImage", "ecr:us-east-1:123456789012:repository/platform/flights")
	state := regional("s3:GetObject", "s3:us-east-1:123456789012:BucketV2-state-bucket/x")
	network := request{action: "ec2:DescribeVpcs", resource: "*"}

	for role, may := range map[string][]request{
		"platform-preview": {state, {action: "eks:DescribeAddonVersions", resource: "*"}},
		"platform-drift":   {state, network, {action: "iam:GetRolePolicy", resource: "*"}},
		"platform-images":  {image},
	} {
		power := powerOf(t, g, role)

		for _, r := range may {
			assert.True(t, power.allows(r), "%s: %s", role, r.action)
		}

		for _, r := range []request{
			bounded("iam:CreateRole", "sandbox-x"),
			regional("ec2:CreateVpc", "ec2:us-east-1:123456789012:vpc/*"),
			regional("s3:PutObject", "s3:us-east-1:123456789012:BucketV2-state-bucket/x"),
			regional("kms:Encrypt", "kms:us-east-1:123456789012:Key-state-key"),
			regional("ecr:PutImage", "ecr:us-east-1:123456789012:repository/other/flights"),
			regional("ecr:DeleteRepository", "ecr:us-east-1:123456789012:repository/platform/flights"),
		} {
			assert.False(t, power.allows(r), "%s: %s", role, r.action)
		}

		assert.Equal(t, role == "platform-images", power.allows(image), "%s pushes images", role)
	}
}
