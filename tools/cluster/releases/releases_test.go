package releases_test

import (
	"bytes"
	"context"
	"encoding/pem"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"

	"github.com/msur/platform/tools/cluster/releases"
)

// bin returns a folder of tools with small manifests of Argo CD, and with the keys of the program's charts as those of
// version 1.0.0.
func bin(t *testing.T) string {
	t.Helper()

	folder := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(folder, "argo-cd"), os.DirFS("testdata/argo-cd")))
	require.NoError(t, os.CopyFS(filepath.Join(folder, "karpenter-crd"), os.DirFS("testdata/karpenter-crd")))
	require.NoError(t, os.Mkdir(filepath.Join(folder, "charts"), 0o700))

	for chart, component := range map[string]string{
		"argo-cd": "gitops", "traefik": "ingress", "karpenter": "autoscaling", "karpenter-crd": "autoscaling",
	} {
		found, err := filepath.Glob("../../../components/" + component + "/testdata/" + chart + "-[0-9]*.keys")
		require.NoError(t, err)
		require.Len(t, found, 1)

		text, err := os.ReadFile(found[0])
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, "charts", chart+"-1.0.0.keys"), text, 0o600))
	}

	return folder
}

// helm renders a version of a chart with values, as JSON, from its repository.
func helm(t *testing.T, chart, version, values string) (objects, error) {
	t.Helper()

	charts, err := releases.Load(bin(t))
	require.NoError(t, err)

	server := httptest.NewTLSServer(releases.Handler(charts))
	t.Cleanup(server.Close)

	folder := t.TempDir()
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	require.NoError(t, os.WriteFile(filepath.Join(folder, "authority.pem"), authority, 0o600))

	program, err := filepath.Abs("../../../.rehearsal/bin/helm")
	require.NoError(t, err)
	require.FileExists(t, program, "run make cluster, which builds it")

	var stderr strings.Builder

	args := []string{
		"template", "one", "--version", version, "--ca-file", filepath.Join(folder, "authority.pem"), "--values", "-",
	}
	if strings.HasPrefix(chart, "karpenter") {
		args = append(args, strings.Replace(server.URL, "https", "oci", 1)+"/karpenter/"+chart)
	} else {
		args = append(args, chart, "--repo", server.URL+"/"+chart)
	}

	command := exec.CommandContext(t.Context(), program, args...)
	command.Env = []string{"HOME=" + folder}
	command.Stdin, command.Stderr = strings.NewReader(values), &stderr

	output, err := command.Output()
	if err != nil {
		return nil, errors.New(stderr.String())
	}

	return decode(t, output), nil
}

// decode returns objects by kind and name.
func decode(t *testing.T, text []byte) objects {
	t.Helper()

	found := objects{}
	documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), len(text))

	for {
		object := &unstructured.Unstructured{}

		err := documents.Decode(&object.Object)
		if errors.Is(err, io.EOF) {
			return found
		}

		require.NoError(t, err)

		name := object.GetKind() + "/" + object.GetName()
		assert.NotContains(t, found, name, "each object exists once")
		found[name] = object
	}
}

// deploy returns the objects of the version 1.0.0 of a chart with values.
func deploy(t *testing.T, chart, values string) objects {
	t.Helper()

	found, err := helm(t, chart, "1.0.0", values)
	require.NoError(t, err)

	return found
}

// objects are the objects of a release by kind and name.
type objects map[string]*unstructured.Unstructured

// at returns the value at a path of an object.
func (o objects) at(t *testing.T, object string, path ...string) any {
	t.Helper()
	require.Contains(t, o, object)

	found, _, err := unstructured.NestedFieldNoCopy(o[object].Object, path...)
	require.NoError(t, err)

	return found
}

// containers returns a field of each container of a program.
func (o objects) containers(t *testing.T, program, field string) []any {
	t.Helper()

	containers, ok := o.at(t, program, "spec", "template", "spec", "containers").([]any)
	require.True(t, ok)

	found := make([]any, len(containers))
	for i, container := range containers {
		found[i] = container.(map[string]any)[field]
	}

	return found
}

func TestAChartRefusesOtherKeysThanTheTestedOnes(t *testing.T) {
	t.Parallel()

	for chart, values := range map[string]string{
		"argo-cd": `{"server": {"replica": 1}}`, "traefik": `{"resource": {}}`,
	} {
		_, err := helm(t, chart, "1.0.0", values)
		require.ErrorContains(t, err, "additional properties", chart)
	}
}

// An upgrade replaces every pod.
func TestEachVersionOfAChartHasItsOwnPods(t *testing.T) {
	t.Parallel()

	for program, chart := range map[string]string{
		"StatefulSet/argocd-application-controller": "argo-cd", "Deployment/one": "traefik",
	} {
		older, err := helm(t, chart, releases.Older, "")
		require.NoError(t, err)

		at := []string{"spec", "template", "metadata"}
		assert.NotEqual(t, older.at(t, program, at...), deploy(t, chart, "").at(t, program, at...), program)
	}
}

func TestUnknownChartsAreNotServed(t *testing.T) {
	t.Parallel()

	_, err := helm(t, "argo-cd", "2.0.0", "")
	require.ErrorContains(t, err, "2.0.0")

	_, err = helm(t, "nginx", "1.0.0", "")
	require.ErrorContains(t, err, "nginx")
}

func TestInvalidKeysAreReported(t *testing.T) {
	t.Parallel()

	bin := t.TempDir()
	_, err := releases.Load(bin)
	require.ErrorContains(t, err, "run make cluster")

	require.NoError(t, os.Mkdir(filepath.Join(bin, "charts"), 0o700))

	for name, reason := range map[string]string{"traefik.keys": "expected a name", "nginx-1.0.0.keys": "nginx"} {
		file := filepath.Join(bin, "charts", name)
		require.NoError(t, os.WriteFile(file, nil, 0o600))

		_, err = releases.Load(bin)
		require.ErrorContains(t, err, reason)
		require.NoError(t, os.Remove(file))
	}
}

func TestTheServerEndsWithItsContext(t *testing.T) {
	t.Parallel()

	identity := httptest.NewTLSServer(nil)
	t.Cleanup(identity.Close)

	ctx, end := context.WithCancel(t.Context())
	file := filepath.Join(t.TempDir(), "hosts.json")
	require.NoError(t, releases.Serve(ctx, nil, identity.TLS.Certificates[0], file))

	text, err := os.ReadFile(file)
	require.NoError(t, err)

	for _, host := range releases.Hosts() {
		assert.Contains(t, string(text), `"`+host+`":"127.0.0.1:`)
	}

	end()
}
