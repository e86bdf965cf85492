package aws_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	oidcType          = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
	serviceLinkedType = "aws:iam/serviceLinkedRole:ServiceLinkedRole"
)

func TestOIDCProvidersAreNamedAfterTheirIssuer(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	provider := aws.Create(oidcType, "github", in{"url": "https://issuer.example", "clientIdLists": []any{"b", "a"}})
	assert.Equal(t, "arn:aws:iam::123456789012:oidc-provider/issuer.example", provider.Text("arn"))
	assert.Empty(t, aws.Diff(provider, in{
		"url": "https://issuer.example", "clientIdLists": []any{"a", "b"},
	}).GetDiffs(), "the order of clients means nothing")

	refuses(t, aws, oidcType, map[string]in{
		"EntityAlreadyExists: Provider with url https://issuer.example already exists.": {
			"url": "https://issuer.example", "clientIdLists": []any{"a"},
		},
		"ValidationError": {"url": "other.example", "clientIdLists": []any{"a"}},
	})
}

func TestServiceLinkedRolesAreUnique(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	role := aws.Create(serviceLinkedType, "eks", in{"awsServiceName": "eks.amazonaws.com"})
	outputs(t, role, map[string]string{
		"arn":  "arn:aws:iam::123456789012:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS",
		"name": "AWSServiceRoleForAmazonEKS", "path": "/aws-service-role/eks.amazonaws.com/",
	})
	refuses(t, aws, serviceLinkedType, map[string]in{
		"InvalidInput: Service role name AWSServiceRoleForAmazonEKS has been taken": {
			"awsServiceName": "eks.amazonaws.com",
		},
		"awsServiceName nobody.amazonaws.com is not simulated": {"awsServiceName": "nobody.amazonaws.com"},
	})
	require.NoError(t, aws.Delete(role))
}

func TestServiceLinkedRolesInUseCannotBeDeleted(t *testing.T) {
	t.Parallel()

	n := newNetwork(t)
	role := n.aws.Create(serviceLinkedType, "lb", in{"awsServiceName": "elasticloadbalancing.amazonaws.com"})
	balancer := n.aws.Create(balancerType, "b", in{
		"loadBalancerType": "network", "internal": false, "subnets": []any{n.subnet.ID},
	})

	require.ErrorContains(t, n.aws.Delete(role), "There are active resources in the account: "+balancer.ID)
	require.NoError(t, n.aws.Delete(balancer))
	require.NoError(t, n.aws.Delete(role))
}

// sized is a policy document of the given number of characters, not counting white space.
func sized(size int) string {
	start, end := `{"Statement":[{"Sid":"`, `"}]}`

	return start + strings.Repeat("x", size-len(start)-len(end)) + end + " \n\t"
}

func TestPolicySizeLimits(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")

	accepts(t, aws, policyType, map[string]in{"the longest": {"policy": sized(6144)}})
	refuses(t, aws, policyType, map[string]in{
		"LimitExceeded: Cannot exceed quota for PolicySize: 6144": {"policy": sized(6145)},
	})
	accepts(t, aws, roleType, map[string]in{"the longest": {"assumeRolePolicy": sized(2048)}})
	refuses(t, aws, roleType, map[string]in{
		"LimitExceeded: Cannot exceed quota for ACLSizePerRole: 2048": {"assumeRolePolicy": sized(2049)},
	})
}

func TestPermissionsBoundariesCannotBeDeleted(t *testing.T) {
	t.Parallel()

	aws := enginetest.Start(t, "").AWS("us-east-1")
	boundary := aws.Create(policyType, "b", in{"policy": document})
	bounded := aws.Create(roleType, "r", in{"assumeRolePolicy": document, "permissionsBoundary": boundary.ID})

	accepts(t, aws, roleType, map[string]in{
		"one of AWS's": {"assumeRolePolicy": document, "permissionsBoundary": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
	})
	refuses(t, aws, roleType, map[string]in{
		"NoSuchEntity: Scope ARN: arn:aws:iam::123456789012:policy/b does not exist": {
			"assumeRolePolicy": document, "permissionsBoundary": "arn:aws:iam::123456789012:policy/b",
		},
	})
	require.ErrorContains(t, aws.Delete(boundary), "DeleteConflict")
	require.NoError(t, aws.Delete(bounded))
	require.NoError(t, aws.Delete(boundary))
}
