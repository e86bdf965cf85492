package stacks_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/internal/config"
)

// The account has the zones a to f, and EKS refuses its zone e.
func TestAZoneThatTheAccountDoesNotOfferIsRefusedFirst(t *testing.T) {
	t.Parallel()

	const zones = "platform:network.zones"

	rm, set := config.RemoveCommand, config.SetCommand

	tests := map[string]struct {
		zones string
		want  map[string]string
	}{
		"not offered":    {`["a", "h"]`, map[string]string{zones + "[1]": set("sandbox", zones+"[1]", "b")}},
		"refused by EKS": {`["e", "b"]`, map[string]string{zones + "[0]": set("sandbox", zones+"[0]", "a")}},
		"both": {`["e", "a", "g"]`, map[string]string{
			zones + "[0]": set("sandbox", zones+"[0]", "b"), zones + "[2]": set("sandbox", zones+"[2]", "c"),
		}},
		"no unused zone": {`["f", "e", "d", "c", "b", "a"]`, map[string]string{zones + "[1]": rm("sandbox", zones+"[1]")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			g, err := tryToDeploy(t, "sandbox", network(test.zones, "single"))

			assert.Equal(t, test.want, fixes(t, err))

			for _, problem := range problems(t, err) {
				assert.Contains(t, problem.Expected, "a, b, c, d, f")
			}

			nothingIsCreated(t, g)
		})
	}
}

// The endpoint of EKS is not in zone f.
func TestAnEndpointThatTheAccountDoesNotOfferIsRefusedFirst(t *testing.T) {
	t.Parallel()

	const endpoints = "platform:network.interfaceEndpoints"

	rm := func(path string) string { return config.RemoveCommand("sandbox", path) }

	tests := map[string]struct {
		zones, services string
		want            map[string]string
	}{
		"no such service":  {`["a", "b"]`, `["sts", "weather"]`, map[string]string{endpoints + "[1]": rm(endpoints + "[1]")}},
		"in only one zone": {`["a", "f"]`, `["eks"]`, map[string]string{endpoints + "[0]": rm(endpoints + "[0]")}},
		"each of them": {`["a", "b"]`, `["x", "sts", "y"]`, map[string]string{
			endpoints + "[0]": rm(endpoints + "[0]"), endpoints + "[2]": rm(endpoints + "[2]"),
		}},
		"zones as well": {`["a", "h"]`, `["sts", "weather"]`, map[string]string{
			endpoints + "[1]":           rm(endpoints + "[1]"),
			"platform:network.zones[1]": config.SetCommand("sandbox", "platform:network.zones[1]", "b"),
		}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			g, err := tryToDeploy(t, "sandbox", map[string]string{
				"platform:network": `{"cidr": "10.10.0.0/16", "zones": ` + test.zones +
					`, "interfaceEndpoints": ` + test.services + `}`,
			})

			assert.Equal(t, test.want, fixes(t, err))
			nothingIsCreated(t, g)
		})
	}
}

func TestAnEndpointNamesTheZonesWithoutIt(t *testing.T) {
	t.Parallel()

	_, err := tryToDeploy(t, "sandbox", map[string]string{
		"platform:network": `{"cidr": "10.10.0.0/16", "zones": ["a", "f"], "interfaceEndpoints": ["eks"]}`,
	})

	found := problems(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, `"eks"`, found[0].Got)
	assert.Contains(t, found[0].Expected, "none in f")
}

func TestAFailedLookupStopsTheProgram(t *testing.T) {
	t.Parallel()

	for _, function := range []string{
		callerFunction, "aws:index/getPartition:getPartition", "aws:index/getAvailabilityZones:getAvailabilityZones",
		"aws:ec2/getVpcEndpointService:getVpcEndpointService",
		"aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings", sessionFunction, clustersFunction, clusterFunction,
		vpcFunction,
		subnetsFunction, subnetFunction, logGroupsFunction,
	} {
		answers := append(deployed("10.10.0.0/16", "us-east-1c"), graphtest.Failing(function, errors.New("no connection")))
		g, err := tryToDeploy(t, "sandbox", section(`, "interfaceEndpoints": ["sts"]`), answers...)
		require.ErrorContains(t, err, "no connection", function)
		nothingIsCreated(t, g)
	}
}

// callerFunction returns the account of the credentials.
const callerFunction = "aws:index/getCallerIdentity:getCallerIdentity"

func TestAnAccountThatIsNotListedIsRefusedFirst(t *testing.T) {
	t.Parallel()

	for name, options := range map[string][]graphtest.Option{
		"by the program": nil,
		"by the provider": {
			graphtest.Failing(callerFunction, errors.New("rpc error: AWS account ID not allowed: "+graphtest.AccountID)),
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			g, err := tryToDeploy(t, "sandbox", map[string]string{
				"aws:allowedAccountIds": `["210987654321", "012345678901"]`,
			}, options...)

			found := problems(t, err)
			require.Len(t, found, 1)
			assert.Equal(t, "aws:allowedAccountIds", found[0].Path)
			assert.Contains(t, found[0].Got, graphtest.AccountID)
			assert.Contains(t, found[0].Expected, "210987654321, 012345678901")
			assert.Equal(t, config.SetCommand("sandbox", "aws:allowedAccountIds[2]", graphtest.AccountID), found[0].Fix)
			nothingIsCreated(t, g)
		})
	}
}

func TestTheProviderAllowsOnlyTheListedAccounts(t *testing.T) {
	t.Parallel()

	deploy(t, "sandbox", map[string]string{"aws:allowedAccountIds": `["210987654321", "` + graphtest.AccountID + `"]`}).
		One(t, providerType, "aws").
		Has("allowedAccountIds", []any{"210987654321", graphtest.AccountID})

	for _, none := range []map[string]string{nil, {"aws:allowedAccountIds": "[]"}} {
		deploy(t, "sandbox", none).One(t, providerType, "aws").HasNo("allowedAccountIds")
	}
}

// nothingIsCreated asserts that the program registered only the provider.
func nothingIsCreated(t *testing.T, g *graphtest.Graph) {
	t.Helper()

	assert.Empty(t, g.Customs())
	g.None(t, "platform:encryption:Encryption")
	g.None(t, "platform:network:Network")
	g.None(t, "platform:cluster:Cluster")
}
