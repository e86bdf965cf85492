package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/graphtest"
)

// entries returns the access entries of the component, by the key that names their resources.
func entries(t require.TestingT, admins, viewers []string) map[string]any {
	g, err := graphtest.Try(program(nil, func(args *cluster.Args) { args.Admins, args.Viewers = admins, viewers }))
	require.NoError(t, err)

	given, _ := g.All(componentType)[0].Inputs["accessEntries"].Mappable().(map[string]any)

	return given
}

// A renamed entry would be deleted and created again, without access meanwhile.
func TestTheNameOfAnEntryDependsOnItsPrincipalOnly(t *testing.T) {
	t.Parallel()

	const account = "arn:aws:iam::123456789012:"

	all := []string{account + "role/a", account + "role/team/b", account + "user/c", account + "role/d-e"}
	full := entries(t, all, []string{account + "role/v", account + "user/team/w"})

	assert.Len(t, full, len(all)+2)

	rapid.Check(t, func(t *rapid.T) {
		admins := rapid.Permutation(all).Draw(t, "admins")
		admins = admins[:rapid.IntRange(1, len(all)).Draw(t, "count")]

		some := entries(t, admins, []string{account + "user/team/w", account + "role/v"})

		assert.Len(t, some, len(admins)+2)

		for key, entry := range some {
			assert.Equal(t, full[key], entry, key)
		}
	})
}

// EKS allows one entry for each principal, and would refuse a second one before the first is deleted.
func TestAPrincipalThatMovesToAnotherListKeepsItsEntry(t *testing.T) {
	t.Parallel()

	const moving, name = "arn:aws:iam::123456789012:role/oncall", "role-oncall"

	viewer, admin := entries(t, []string{deployer}, []string{moving}), entries(t, []string{deployer, moving}, nil)

	assert.Contains(t, viewer, name)
	assert.Contains(t, admin, name)
	assert.NotEqual(t, viewer[name], admin[name], "the privileges change")
}

// A role and a user can have the same name.
func TestARoleAndAUserWithTheSameNameGetTwoEntries(t *testing.T) {
	t.Parallel()

	assert.Len(t, entries(t, []string{deployer}, []string{
		"arn:aws:iam::123456789012:role/ada", "arn:aws:iam::123456789012:user/ada",
	}), 3)
}

func TestNoOtherPrincipalHasAccess(t *testing.T) {
	t.Parallel()

	assert.Len(t, entries(t, []string{deployer}, nil), 1)
	run(t).One(t, componentType, "cluster").
		HasNo("userMappings").
		HasNo("roleMappings").
		HasNo("instanceRoles").
		HasNo("creationRoleProvider")
}

// If a principal belongs to another account, the name of its entry contains that account.
func TestPrincipalsBecomeFullARNs(t *testing.T) {
	t.Parallel()

	const auditor = "arn:aws:iam::210987654321:role/audit/reader"

	run(t, func(args *cluster.Args) { args.Viewers = []string{auditor} }).
		One(t, componentType, "cluster").
		Has(`accessEntries["role-audit-reader"].principalArn`, auditor).
		Has(`accessEntries["role-audit-reader"].accessPolicies.cluster.policyArn`,
			"arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy")
}
