package stacks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/stacks"
)

// protectedTypes returns the resources with data, and the resources that contain those.
func protectedTypes() map[string]string {
	return map[string]string{
		"aws:ec2/vpc:Vpc": "network-vpc", clusterType: "cluster-eksCluster",
		databaseType: "database-instance", cacheType: "cache-nodes",
	}
}

func TestResourcesWithDataAreProtectedIfDataIsKept(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		environment string
		changes     map[string]string
		protected   bool
	}{
		{"sandbox", nil, false},
		{"sandbox", map[string]string{"platform:environment": `{"class": "disposable", "protect": true}`}, true},
		{"staging", nil, true},
		{"staging", map[string]string{"platform:environment": `{"class": "durable"}`}, true},
		{"staging", map[string]string{"platform:environment": `{"class": "durable", "protect": false}`}, false},
	} {
		g := deploy(t, test.environment, test.changes)

		for _, r := range g.Customs() {
			assert.Equal(t, test.protected && protectedTypes()[r.Type] == r.Name, r.Protect, "%v: %s", test, r.URN)
		}

		g.One(t, databaseType, "database-instance").Has("deletionProtection", test.protected)
	}
}

// No setting decides whether data is kept: an environment without protection still keeps its data.
func TestDataThatIsKeptStaysReadable(t *testing.T) {
	t.Parallel()

	unprotected := map[string]string{"platform:environment": `{"class": "durable", "protect": false}`}

	for _, g := range []*graphtest.Graph{deploy(t, "staging", nil), deploy(t, "staging", unprotected)} {
		g.One(t, keyType, "encryption-key").Kept()
		g.One(t, databaseType, "database-instance").
			Has("skipFinalSnapshot", false).
			Has("finalSnapshotIdentifier", "SecurityGroup-database-access").
			Refers("kmsKeyId", keyType, "encryption-key")
		g.One(t, cacheType, "cache-nodes").
			Has("finalSnapshotIdentifier", "SecurityGroup-cache-access").
			Refers("kmsKeyId", keyType, "encryption-key")
	}

	for _, r := range deploy(t, "sandbox", nil).Customs() {
		assert.False(t, r.RetainOnDelete, r.URN)
	}
}

func TestAStoreOfAHighlyAvailableEnvironmentSurvivesAZone(t *testing.T) {
	t.Parallel()

	_, err := stacks.Load("staging", configuration(t, "staging", map[string]string{
		"platform:database": `{"instanceClass": "db.t4g.small"}`,
		"platform:cache":    `{"nodeType": "cache.t4g.micro"}`,
	}), project, now())

	found := problems(t, err)
	require.Len(t, found, 2)
	assert.Equal(t, "platform:cache.replicas", found[0].Path)
	assert.Contains(t, found[0].Fix, "'platform:cache.replicas' 1")
	assert.Equal(t, "platform:database.multiAz", found[1].Path)
	assert.Contains(t, found[1].Fix, "'platform:database.multiAz' true")
}

func TestACertificateOfAnotherAccountIsRefused(t *testing.T) {
	t.Parallel()

	const arn = "arn:aws:acm:us-east-1:210987654321:certificate/12345678-1234-1234-1234-123456789012"

	g, err := tryToDeploy(t, "sandbox", map[string]string{"platform:ingress": `{"certificateArn": "` + arn + `"}`})

	found := problems(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, "platform:ingress.certificateArn", found[0].Path)
	assert.Empty(t, g.Customs(), "nothing is created")
}

// The name of a cache user contains the environment, because names of users are unique in the account.
func TestApplicationsThatNeedTheCacheHaveAUser(t *testing.T) {
	t.Parallel()

	const userType = "aws:elasticache/user:User"

	g := deploy(t, "staging", map[string]string{
		"platform:apps": `{
			"flights": {"path": "/flights", "needs": ["mysql"]}, "b": {"path": "/b", "needs": ["redis", "mysql"]},
			"a": {"path": "/a", "needs": ["redis"]}, "c": {"path": "/c"}
		}`,
	})

	require.Len(t, g.All(userType), 2)
	g.One(t, userType, "cache-user-a").Has("userId", "staging-a")
	g.One(t, userType, "cache-user-b").Has("userId", "staging-b")

	deploy(t, "sandbox", map[string]string{"platform:apps": `{}`}).None(t, userType)
}

// Databases, caches and load balancers take minutes, and the cluster takes ten. They are created in parallel.
func TestStoresAndTheLoadBalancerDoNotWaitForTheCluster(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t) {
		g := deploy(t, environment, nil)
		order := orderOf(g)
		cluster := urns(t, g, clusterType, componentType)

		order.waitNot(t, urns(t, g, databaseType, cacheType, loadBalancerType, "aws:lb/listener:Listener",
			"aws:lb/targetGroup:TargetGroup", "aws:route53/record:Record"), cluster)
		order.waitNot(t, cluster, urns(t, g, databaseType, cacheType, loadBalancerType))
	}
}
