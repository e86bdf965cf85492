package kubernetes_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

// onNodes is a provider of a cluster in the account that has nodes.
func onNodes(t *testing.T, nodes int) *enginetest.Provider {
	t.Helper()

	e := enginetest.Start(t, "")
	appears(t, e, "ACTIVE")

	group := account.Key{Type: "aws:eks/nodeGroup:NodeGroup", Region: "us-east-1", ID: "one:general"}

	require.NoError(t, e.Account.Change(func(transaction *account.Transaction) error {
		transaction.Put(account.Resource{Key: group, Outputs: in{"clusterName": "one", "nodeGroupName": "general"}})

		for i := range nodes {
			transaction.Put(account.Resource{
				Key:   account.Key{Type: "aws:ec2/instance:Instance", Region: "us-east-1", ID: fmt.Sprintf("i-%d", i)},
				Owner: group.ID, OwnerType: group.Type,
			})
		}

		return nil
	}))

	return e.Provider("kubernetes", in{"kubeconfig": kubeconfig("https://" + host), "clusterIdentifier": "one"})
}

// argoCD is a release of Argo CD's chart with values for HAProxy.
func argoCD(version string, enabled bool, haproxy in) in {
	return in{
		"chart": "argo-cd", "name": "argocd", "namespace": "argocd", "createNamespace": true, "version": version,
		"values": in{"redis-ha": in{"enabled": enabled, "haproxy": haproxy}},
	}
}

// strategy replaces HAProxies by a rolling update.
func strategy(surge, unavailable int) in {
	return in{"deploymentStrategy": in{"rollingUpdate": in{"maxSurge": surge, "maxUnavailable": unavailable}}}
}

func TestUpgradesWithoutRoomTimeOut(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		nodes   int
		haproxy in
		refused bool
	}{
		"the chart's own strategy":      {nodes: 3, haproxy: in{}, refused: true},
		"the chart's own on four nodes": {nodes: 4, haproxy: in{}},
		"one more, and none fewer":      {nodes: 3, haproxy: strategy(1, 0), refused: true},
		"one fewer, and none more":      {nodes: 3, haproxy: strategy(0, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			k8s := onNodes(t, test.nodes)
			made := k8s.Create(releaseType, "argocd", argoCD("1.0.0", true, test.haproxy))

			_, err := k8s.TryUpdate(made, argoCD("1.0.1", true, test.haproxy))
			if !test.refused {
				require.NoError(t, err)

				return
			}

			require.ErrorContains(t, err, "context deadline exceeded")
			require.ErrorContains(t, err, "argocd-redis-ha-haproxy")

			_, err = k8s.TryUpdate(made, argoCD("1.0.1", true, test.haproxy))
			require.Error(t, err, "each later attempt ends like the first")
		})
	}
}

func TestInstallationsNeedANodeForEachRedis(t *testing.T) {
	t.Parallel()

	_, err := onNodes(t, 2).TryCreate(releaseType, "argocd", argoCD("1.0.0", true, strategy(0, 1)))
	require.ErrorContains(t, err, "argocd-redis-ha-server")

	onNodes(t, 2).Create(releaseType, "argocd", argoCD("1.0.0", false, in{}))
}

// Values of other components do not change Redis's pods.
func TestUpdatesThatReplaceNoHAProxyNeedNoRoom(t *testing.T) {
	t.Parallel()

	k8s := onNodes(t, 3)
	made := k8s.Create(releaseType, "argocd", argoCD("1.0.0", true, in{}))

	changed := argoCD("1.0.0", true, in{})
	changed["values"].(in)["server"] = in{"replicas": 2}
	k8s.Update(made, changed)
}

// The account does not know the nodes of a cluster that is not on EKS.
func TestClustersOfUnknownSizeAcceptEveryRelease(t *testing.T) {
	t.Parallel()

	k8s := cluster(enginetest.Start(t, ""), "one")
	made := k8s.Create(releaseType, "argocd", argoCD("1.0.0", true, in{}))
	k8s.Update(made, argoCD("1.0.1", true, in{}))
}
