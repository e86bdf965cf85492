package controlplane

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
)

// prepared returns the folder of a cluster that has started once.
func prepared(t *testing.T) (Folder, access) {
	t.Helper()

	folder := Folder(t.TempDir())
	reached, err := folder.prepare()
	require.NoError(t, err)

	return folder, reached
}

// contents returns the content of all files by path.
func contents(t *testing.T, folder Folder) map[string]string {
	t.Helper()

	files := map[string]string{}
	all := os.DirFS(string(folder))

	require.NoError(t, fs.WalkDir(all, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}

		text, err := fs.ReadFile(all, path)
		files[path] = string(text)

		return err
	}))

	return files
}

func TestARestartedClusterHasTheSameIdentity(t *testing.T) {
	t.Parallel()

	folder, first := prepared(t)
	before := contents(t, folder)

	second, err := folder.prepare()
	require.NoError(t, err)

	assert.Equal(t, first, second, "the address and the token must not change")
	assert.Equal(t, before, contents(t, folder), "the keys and certificates must not change")
	assert.ElementsMatch(t, []string{
		"server.crt", "server.key", "tokens.csv", "kubeconfig",
	}, slices.Collect(maps.Keys(before)))
}

func TestTwoClustersHaveDifferentKeys(t *testing.T) {
	t.Parallel()

	one, oneReached := prepared(t)
	two, twoReached := prepared(t)

	assert.NotEqual(t, oneReached.token, twoReached.token)

	for name, text := range contents(t, one) {
		assert.NotEqual(t, text, contents(t, two)[name], name)
	}
}

func TestTheKubeconfigGivesAllPermissions(t *testing.T) {
	t.Parallel()

	folder, reached := prepared(t)

	config, err := clientcmd.BuildConfigFromFlags("", folder.Kubeconfig())
	require.NoError(t, err)

	files := contents(t, folder)
	assert.Equal(t, "https://127.0.0.1:"+reached.port, config.Host)
	assert.Equal(t, reached.token, config.BearerToken)
	assert.Equal(t, files["server.crt"], string(config.CAData))
	assert.Equal(t, reached.token+",admin,admin,\"system:masters\"\n", files["tokens.csv"])
	assert.Greater(t, len(reached.token), 20)
}

func TestKeysAreReadableOnlyByTheirOwner(t *testing.T) {
	t.Parallel()

	folder, _ := prepared(t)

	for _, name := range []string{"server.key", "tokens.csv", "kubeconfig"} {
		file, err := os.Stat(filepath.Join(string(folder), name))
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o600), file.Mode(), name)
	}
}

func TestTheCertificateHasAllNamesOfTheAPIServer(t *testing.T) {
	t.Parallel()

	folder, _ := prepared(t)
	files := contents(t, folder)

	_, err := tls.X509KeyPair([]byte(files["server.crt"]), []byte(files["server.key"]))
	require.NoError(t, err, "the key must belong to the certificate")

	block, _ := pem.Decode([]byte(files["server.crt"]))
	certificate, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)

	authorities := x509.NewCertPool()
	require.True(t, authorities.AppendCertsFromPEM([]byte(files["server.crt"])))

	for host, good := range map[string]bool{
		"127.0.0.1": true, "10.0.0.1": true, "localhost": true, "kubernetes.default.svc": true,
		strings.Repeat("0123456789ABCDEF", 2) + ".gr7.us-east-1.eks.amazonaws.com": true,
		"a.b.gr7.us-east-1.eks.amazonaws.com":                                      false,
		"example.com":                                                              false, "10.0.0.2": false,
	} {
		_, err := certificate.Verify(x509.VerifyOptions{DNSName: host, Roots: authorities})
		if good {
			assert.NoError(t, err, host)
		} else {
			assert.Error(t, err, host)
		}
	}
}

func TestAnInterruptedStartIsRepeated(t *testing.T) {
	t.Parallel()

	// The certificate is written last. Without it, the key of the interrupted start is replaced.
	folder := Folder(t.TempDir())
	require.NoError(t, os.WriteFile(folder.file("server.key"), []byte("incomplete"), 0o600))

	_, err := folder.prepare()
	require.NoError(t, err)

	files := contents(t, folder)
	_, err = tls.X509KeyPair([]byte(files["server.crt"]), []byte(files["server.key"]))
	require.NoError(t, err)
}

func TestAnInvalidKubeconfigIsAnError(t *testing.T) {
	t.Parallel()

	cases := map[string]struct{ text, want string }{
		"no YAML":      {"{", "yaml: "},
		"empty":        {"", `has no cluster or user "cluster"`},
		"another host": {strings.Replace(known, "127.0.0.1:6443", "example.com", 1), "expected https://127.0.0.1:<port>"},
	}

	for title, test := range cases {
		t.Run(title, func(t *testing.T) {
			t.Parallel()

			folder := Folder(t.TempDir())
			require.NoError(t, os.WriteFile(folder.Kubeconfig(), []byte(test.text), 0o600))

			_, err := folder.prepare()

			require.ErrorContains(t, err, test.want)
			assert.ErrorContains(t, err, folder.Kubeconfig(), "the error names the file")
		})
	}
}

// known is the kubeconfig of a cluster that has started.
const known = `{"apiVersion": "v1", "kind": "Config", "current-context": "cluster",
	"clusters": [{"name": "cluster", "cluster": {"server": "https://127.0.0.1:6443"}}],
	"users": [{"name": "cluster", "user": {"token": "secret"}}],
	"contexts": [{"name": "cluster", "context": {"cluster": "cluster", "user": "cluster"}}]}`

func TestTheAddressIsReadFromTheKubeconfig(t *testing.T) {
	t.Parallel()

	folder := Folder(t.TempDir())
	require.NoError(t, os.WriteFile(folder.Kubeconfig(), []byte(known), 0o600))

	reached, err := folder.prepare()

	require.NoError(t, err)
	assert.Equal(t, access{port: "6443", token: "secret"}, reached)
}

func TestAnInvalidFolderIsAnError(t *testing.T) {
	t.Parallel()

	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))

	_, err := Start(t.Context(), Folder(file))
	require.ErrorContains(t, err, "creating the cluster's folder: ")

	_, err = Folder(file).prepare()
	require.ErrorContains(t, err, file)
}
