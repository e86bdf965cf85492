package kubernetes_test

import (
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const host = "ABC.gr7.us-east-1.eks.amazonaws.com"

// appears puts an EKS cluster with a status into the account, or removes it.
func appears(t *testing.T, e *enginetest.Engine, status string) {
	t.Helper()

	key := account.Key{Type: "aws:eks/cluster:Cluster", Region: "us-east-1", ID: "one"}

	require.NoError(t, e.Account.Change(func(transaction *account.Transaction) error {
		if status == "" {
			transaction.Delete(key)
		} else {
			transaction.Put(account.Resource{Key: key, Outputs: in{"endpoint": "https://" + host, "status": status}})
		}

		return nil
	}))
}

// read reads a resource as refresh does.
func read(t *testing.T, p *enginetest.Provider, made enginetest.Made) (string, error) {
	t.Helper()

	answer, err := p.Client.Read(t.Context(), &pulumirpc.ReadRequest{Urn: made.URN, Id: made.ID})

	return answer.GetId(), err
}

func TestDeletedClustersAreUnreachable(t *testing.T) {
	t.Parallel()

	e := enginetest.Start(t, "")
	appears(t, e, "ACTIVE")

	p := e.Provider("kubernetes", in{"kubeconfig": kubeconfig("https://" + host), "clusterIdentifier": "one"})
	apps := p.Create(namespaceType, "apps", in{"metadata": in{"name": "apps"}})
	release := p.Create(releaseType, "web", in{"chart": "web", "namespace": "apps"})

	appears(t, e, "")

	_, err := p.TryCreate(namespaceType, "more", in{"metadata": in{"name": "more"}})
	require.ErrorContains(t, err, "configured Kubernetes cluster is unreachable")
	_, err = p.TryUpdate(apps, in{"metadata": in{"name": "apps", "labels": in{"a": "b"}}})
	require.ErrorContains(t, err, "no such host")
	require.ErrorContains(t, p.Delete(release), "can't delete Helm Release with unreachable cluster")

	_, err = read(t, p, apps)
	require.ErrorContains(t, err, "PULUMI_K8S_DELETE_UNREACHABLE")
	require.ErrorContains(t, p.Delete(apps), "PULUMI_K8S_DELETE_UNREACHABLE")

	t.Log("nothing was lost")
	appears(t, e, "ACTIVE")
	assert.Equal(t, "apps", p.Read(apps).ID)
	assert.Equal(t, release.ID, p.Read(release).ID)
	p.Create(namespaceType, "more", in{"metadata": in{"name": "more"}})
	require.NoError(t, p.Delete(release))
}

// The variable is in the environment of the provider's process: this test cannot be parallel.
func TestUnreachableObjectsAreGoneWithTheVariable(t *testing.T) {
	e := enginetest.Start(t, "")
	appears(t, e, "ACTIVE")

	p := e.Provider("kubernetes", in{"kubeconfig": kubeconfig("https://" + host)})
	apps := p.Create(namespaceType, "apps", in{"metadata": in{"name": "apps"}})

	appears(t, e, "FAILED")
	t.Setenv("PULUMI_K8S_DELETE_UNREACHABLE", "true")

	id, err := read(t, p, apps)
	require.NoError(t, err)
	assert.Empty(t, id)
	require.NoError(t, p.Delete(apps))
}
