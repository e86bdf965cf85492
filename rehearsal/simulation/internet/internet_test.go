package internet_test

import (
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/internet"
)

// caller sends requests through a proxy to an account with a cluster whose network configuration is given.
func caller(t *testing.T, network map[string]any) *http.Client {
	t.Helper()

	return callerOf(t, nil, network)
}

// callerOf sends them to clusters with a live control plane.
func callerOf(t *testing.T, control *apiserver.Server, network map[string]any) *http.Client {
	t.Helper()

	acct, err := account.Open("")
	require.NoError(t, err)
	require.NoError(t, acct.Change(func(tx *account.Transaction) error {
		tx.Put(account.Resource{
			Key:     account.Key{Type: "aws:eks/cluster:Cluster", ID: "one", Region: "us-east-1"},
			Outputs: map[string]any{"endpoint": "https://ONE.eks.example", "vpcConfig": network},
		})

		return nil
	}))

	proxy, err := internet.Serve(acct, control)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, proxy.Close()) })

	address, err := url.Parse(proxy.URL())
	require.NoError(t, err)

	return &http.Client{Transport: &http.Transport{
		Proxy:             http.ProxyURL(address),
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		DisableKeepAlives: true,
	}}
}

// ask returns the status and body of the response, or the error of the refused tunnel.
func ask(t *testing.T, client *http.Client, address string) (int, string, error) {
	t.Helper()

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	require.NoError(t, err)

	response, err := client.Do(request)
	if err != nil {
		return 0, "", err
	}

	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())

	return response.StatusCode, string(body), nil
}

func TestOpenAPIServersAnswerHealthChecks(t *testing.T) {
	t.Parallel()

	client := caller(t, map[string]any{
		"endpointPublicAccess": true, "publicAccessCidrs": []any{"203.0.113.0/24", "0.0.0.0/0"},
	})

	status, body, err := ask(t, client, "https://one.eks.example/healthz")
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "ok", body)

	status, _, err = ask(t, client, "https://one.eks.example/api/v1/secrets")
	require.NoError(t, err)
	assert.Equal(t, http.StatusUnauthorized, status, "no other error")
}

func TestClosedAPIServersDoNotAnswer(t *testing.T) {
	t.Parallel()

	for name, network := range map[string]map[string]any{
		"private":        {"endpointPublicAccess": false, "publicAccessCidrs": []any{"0.0.0.0/0"}},
		"for others":     {"endpointPublicAccess": true, "publicAccessCidrs": []any{"203.0.113.0/24"}},
		"closed":         {"endpointPublicAccess": true, "publicAccessCidrs": []any{}},
		"a broken range": {"endpointPublicAccess": true, "publicAccessCidrs": []any{"everywhere"}},
		"unspecified":    {},
	} {
		_, _, err := ask(t, caller(t, network), "https://one.eks.example/healthz")
		assert.Error(t, err, name)
	}
}

func TestOtherHostsAreUnreachable(t *testing.T) {
	t.Parallel()

	client := caller(t, map[string]any{"endpointPublicAccess": true, "publicAccessCidrs": []any{"0.0.0.0/0"}})

	_, _, err := ask(t, client, "https://two.eks.example/healthz")
	require.Error(t, err)

	status, _, err := ask(t, client, "http://one.eks.example/healthz")
	require.NoError(t, err)
	assert.Equal(t, http.StatusMethodNotAllowed, status, "unencrypted requests are refused as well")
}

// A live control plane and the chart repositories are reached from inside the VPC.
func TestALiveControlPlaneIsReachedThroughItsPrivateEndpoint(t *testing.T) {
	t.Parallel()

	live := httptest.NewTLSServer(http.HandlerFunc(func(response http.ResponseWriter, request *http.Request) {
		fmt.Fprint(response, "live "+request.Host)
	}))
	t.Cleanup(live.Close)

	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "kubeconfig"), fmt.Appendf(nil,
		"clusters: [{name: c, cluster: {server: %q}}]\ncontexts: [{name: c, context: {cluster: c}}]\ncurrent-context: c\n",
		live.URL), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "hosts.json"), fmt.Appendf(nil,
		`{"charts.example.com": %q}`, live.Listener.Addr()), 0o600))

	control, err := apiserver.Open(folder, "")
	require.NoError(t, err)

	for private, hosts := range map[bool][]string{
		true: {"one.eks.example", "charts.example.com"}, false: {"charts.example.com"},
	} {
		client := callerOf(t, control, map[string]any{"endpointPrivateAccess": private})

		for _, host := range []string{"one.eks.example", "charts.example.com", "example.com"} {
			_, body, err := ask(t, client, "https://"+host)

			if slices.Contains(hosts, host) {
				require.NoError(t, err)
				assert.Equal(t, "live "+host, body)
			} else {
				require.Error(t, err)
			}
		}
	}
}
