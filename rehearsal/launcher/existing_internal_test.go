package launcher

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/aws"
)

// provided returns the number of VPCs and subnets that an account has before a rehearsal with these settings.
func provided(t *testing.T, text string) (int, int) {
	t.Helper()

	var settings map[string]any
	require.NoError(t, yaml.Unmarshal([]byte(text), &settings))

	acct, err := account.Open("")
	require.NoError(t, err)

	s := &Session{account: acct, identity: aws.DefaultIdentity()}
	require.NoError(t, s.provide(settings), text)

	count := func(token string) int {
		return len(acct.Find(func(r account.Resource) bool { return r.Type == token && r.Region == "eu-west-3" }))
	}

	return count("aws:ec2/vpc:Vpc"), count("aws:ec2/subnet:Subnet")
}

// The program refuses malformed settings, so the account need not have what they name.
func TestTheAccountHasTheVPCOfTheSettings(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		settings      string
		vpcs, subnets int
	}{
		{`{"aws:region": eu-west-3, "platform:network": {cidr: 10.10.0.0/16}}`, 0, 0},
		{`{"aws:region": eu-west-3, "platform:network": {existing: yes}}`, 0, 0},
		{`{"aws:region": eu-west-3, "platform:network": {existing: {vpc: main}}}`, 0, 0},
		{`{"platform:network": {existing: {vpc: vpc-0a1b2c3d}}}`, 0, 0},
		{`{"aws:region": eu-west-3, "platform:network": {existing: {vpc: vpc-0a1b2c3d, publicSubnets: [a],
			privateSubnets: {a: subnet-0000001a, b: subnet-0000001b, eu-west-3c: subnet-0000001c, d: 4}}}}`, 1, 2},
	} {
		vpcs, subnets := provided(t, test.settings)
		assert.Equal(t, test.vpcs, vpcs, test.settings)
		assert.Equal(t, test.subnets, subnets, test.settings)
	}
}
