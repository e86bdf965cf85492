package github_test

import (
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/cluster/github"
)

// caller runs Git with the proxy and its authority only.
type caller struct {
	folder      string
	environment []string
}

// serve serves a bare repository with one commit, and returns the proxy and a caller.
func serve(t *testing.T) (*github.Proxy, caller) {
	t.Helper()

	folder := t.TempDir()
	home := caller{folder: folder, environment: []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "GIT_CONFIG_NOSYSTEM=1", "GIT_TERMINAL_PROMPT=0",
		"GIT_AUTHOR_NAME=one", "GIT_AUTHOR_EMAIL=one@example.com",
		"GIT_COMMITTER_NAME=one", "GIT_COMMITTER_EMAIL=one@example.com",
	}}

	home.must(t, "init", "--quiet", "--bare", "--initial-branch=main", "repository.git")
	home.must(t, "clone", "--quiet", "repository.git", "work")
	home.commit(t, "first")

	proxy, err := github.Serve(t.Context(), filepath.Join(folder, "repository.git"))
	require.NoError(t, err)
	t.Cleanup(proxy.Close)

	authority := filepath.Join(folder, "authority.pem")
	require.NoError(t, os.WriteFile(authority, proxy.Authority(), 0o600))

	home.environment = append(home.environment, "HTTPS_PROXY="+proxy.URL(), "GIT_SSL_CAINFO="+authority)

	return proxy, home
}

// git runs Git, and returns its output.
func (c caller) git(t *testing.T, arguments ...string) (string, error) {
	t.Helper()

	command := exec.CommandContext(t.Context(), "git", arguments...)
	command.Dir = c.folder
	command.Env = c.environment
	output, err := command.CombinedOutput()

	return string(output), err
}

func (c caller) must(t *testing.T, arguments ...string) string {
	t.Helper()

	output, err := c.git(t, arguments...)
	require.NoError(t, err, output)

	return strings.TrimSpace(output)
}

// commit pushes another commit to the bare repository.
func (c caller) commit(t *testing.T, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(c.folder, "work", "file"), []byte(text), 0o600))
	c.must(t, "-C", "work", "add", "file")
	c.must(t, "-C", "work", "commit", "--quiet", "--message", text)
	c.must(t, "-C", "work", "push", "--quiet", "origin", "HEAD:main")
}

// file returns the content of the committed file in a clone.
func (c caller) file(t *testing.T, clone string) string {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(filepath.Join(c.folder, clone, "file")))
	require.NoError(t, err)

	return string(text)
}

func TestEveryPathServesTheRepository(t *testing.T) {
	t.Parallel()

	_, git := serve(t)

	for folder, path := range map[string]string{"one": "msur/platform.git", "two": "another/owner", "three": "a"} {
		git.must(t, "clone", "--quiet", "https://github.com/"+path, folder)

		assert.Equal(t, "first", git.file(t, folder), path)
	}
}

func TestANewCommitIsVisibleImmediately(t *testing.T) {
	t.Parallel()

	_, git := serve(t)
	git.must(t, "clone", "--quiet", "https://github.com/msur/platform.git", "clone")

	git.commit(t, "second")
	git.must(t, "-C", "clone", "pull", "--quiet")

	assert.Equal(t, "second", git.file(t, "clone"))
}

func TestPushesAreRefused(t *testing.T) {
	t.Parallel()

	_, git := serve(t)
	before := git.must(t, "-C", "repository.git", "rev-parse", "main")

	git.must(t, "-C", "work", "commit", "--quiet", "--allow-empty", "--message", "theirs")
	output, err := git.git(t, "-C", "work", "push", "https://github.com/msur/platform.git", "HEAD:main")

	require.Error(t, err)
	assert.Contains(t, output, "403")
	assert.Equal(t, before, git.must(t, "-C", "repository.git", "rev-parse", "main"))
}

func TestAnotherHostIsRefused(t *testing.T) {
	t.Parallel()

	_, git := serve(t)

	for _, host := range []string{"example.com", "github.com.example.com", "api.github.com"} {
		output, err := git.git(t, "clone", "--quiet", "https://"+host+"/msur/platform.git", "other")

		require.Error(t, err, host)
		assert.Contains(t, output, "502", host)
	}
}

func TestTheCertificateIsTrustedOnlyWithTheAuthority(t *testing.T) {
	t.Parallel()

	_, git := serve(t)
	_, other := serve(t)

	authority := "GIT_SSL_CAINFO=" + filepath.Join(other.folder, "authority.pem")
	git.environment = append(git.environment, authority)
	output, err := git.git(t, "clone", "--quiet", "https://github.com/msur/platform.git", "clone")

	require.Error(t, err)
	assert.Contains(t, output, "certificate")
}

func TestOnlyConnectRequestsAreServed(t *testing.T) {
	t.Parallel()

	proxy, _ := serve(t)
	address, err := url.Parse(proxy.URL())
	require.NoError(t, err)

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://github.com/info/refs", nil)
	require.NoError(t, err)

	transport := &http.Transport{Proxy: http.ProxyURL(address), DisableKeepAlives: true}
	response, err := transport.RoundTrip(request)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())

	assert.Equal(t, http.StatusBadGateway, response.StatusCode)
}

func TestAClosedProxyDoesNotListen(t *testing.T) {
	t.Parallel()

	proxy, git := serve(t)
	proxy.Close()

	_, err := git.git(t, "ls-remote", "https://github.com/msur/platform.git")

	require.Error(t, err)
}

func TestAMissingRepositoryIsNotFound(t *testing.T) {
	t.Parallel()

	_, git := serve(t)
	require.NoError(t, os.RemoveAll(filepath.Join(git.folder, "repository.git")))

	output, err := git.git(t, "ls-remote", "https://github.com/msur/platform.git")

	require.Error(t, err)
	assert.Contains(t, output, "not found")
}
