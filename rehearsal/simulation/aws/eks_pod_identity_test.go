package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPodIdentities(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(nil)
	s.cluster(in{"name": "d"})
	made := s.aws.Create(podIdentityType, "cni", s.identity("aws-node"))
	assert.Regexp(t, `^a-[0-9a-f]{17}$`, made.ID)
	outputs(t, made, map[string]string{
		"associationId":  made.ID,
		"associationArn": "arn:aws:eks:us-east-1:123456789012:podidentityassociation/c/" + made.ID,
	})
	conflicts(t, s.aws, podIdentityType, map[string]in{
		"ResourceInUseException: Association already exists: " + made.ID: s.identity("aws-node"),
	})
	accepts(t, s.aws, podIdentityType, map[string]in{
		"another account":   s.identity("coredns"),
		"another namespace": changed(s.identity("aws-node"), in{"namespace": "default"}),
		"another cluster":   changed(s.identity("aws-node"), in{"clusterName": "d"}),
	})

	half := s.role("half", "pods.eks.amazonaws.com", "sts:AssumeRole")
	with := func(arn string) in { return changed(s.identity("x"), in{"roleArn": arn}) }
	refuses(t, s.aws, podIdentityType, map[string]in{
		"InvalidParameterException: Role provided in the request does not exist.": with("arn:none"),
		"InvalidParameterException: Trust policy of role " + half.Text("arn") + " is not valid for EKS Pod Identity: it " +
			"must allow pods.eks.amazonaws.com to call sts:AssumeRole and sts:TagSession": with(half.Text("arn")),
		"InvalidParameterException: Trust policy of role " + s.nodeRole.Text("arn"): with(s.nodeRole.Text("arn")),
		"ResourceNotFoundException: No cluster found for name: none.": changed(s.identity("x"), in{
			"clusterName": "none",
		}),
	})

	other := s.role("other", "pods.eks.amazonaws.com", []any{"sts:TagSession", "sts:AssumeRole"})
	moved := changed(s.identity("aws-node"), in{"roleArn": other.Text("arn")})
	assert.Empty(t, s.aws.Diff(made, moved).GetReplaces())
	assert.Equal(t, made.ID, s.aws.Update(made, moved).Text("associationId"))
	assert.Equal(t, []string{"serviceAccount"}, s.aws.Diff(made, s.identity("other")).GetReplaces())
}

func TestAddonIdentities(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(nil)
	s.aws.Create(podIdentityType, "taken", s.identity("taken"))
	s.aws.Create(podIdentityType, "elsewhere", changed(s.identity("aws-node"), in{"namespace": "default"}))
	s.aws.Create(podIdentityType, "far", changed(s.identity("aws-node"), in{"clusterName": s.cluster(in{"name": "d"}).ID}))

	with := func(account, arn string) in {
		return addon("vpc-cni", in{"podIdentityAssociations": []any{in{"serviceAccount": account, "roleArn": arn}}})
	}
	refuses(t, s.aws, addonType, map[string]in{
		"InvalidParameterException: Role provided in the request does not exist.": with("aws-node", "arn:none"),
		"InvalidParameterException: Trust policy of role":                         with("aws-node", s.nodeRole.Text("arn")),
		"ResourceInUseException: Association already exists: a-":                  with("taken", s.podRole.Text("arn")),
	})

	made := s.aws.Create(addonType, "cni", with("aws-node", s.podRole.Text("arn")))
	s.aws.Create(addonType, "agent", addon("eks-pod-identity-agent", nil))
	s.aws.Create(addonType, "proxy", addon("kube-proxy", nil))
	s.tries(t, "an association made by hand", s.nodes(nil), "")
	refuses(t, s.aws, podIdentityType, map[string]in{
		"ResourceInUseException: Association already exists": s.identity("aws-node"),
	})

	s.aws.Update(made, with("aws-node", s.podRole.Text("arn")))
	assert.Len(t, s.Of(podIdentityType), 4, "it does not conflict with itself")
	made = s.aws.Update(made, addon("vpc-cni", nil))
	assert.Len(t, s.Of(podIdentityType), 3)
	made = s.aws.Update(made, with("aws-node", s.podRole.Text("arn")))
	require.NoError(t, s.aws.Delete(made))
	assert.Len(t, s.Of(podIdentityType), 3, "the resources of others")
}
