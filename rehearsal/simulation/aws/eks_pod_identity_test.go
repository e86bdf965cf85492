package aws_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
		"InvalidParameterException: Role provided in the request does not exist.": with(noRole),
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

func TestAddonsHaveNoAssociationsOfTheirOwn(t *testing.T) {
	t.Parallel()

	s := newSite(t)
	s.cluster(nil)

	association := in{"serviceAccount": "aws-node", "roleArn": s.podRole.Text("arn")}
	declines(t, s.aws, addonType, map[string]in{
		"podIdentityAssociations is not simulated": addon("vpc-cni", in{"podIdentityAssociations": []any{association}}),
	})
}
