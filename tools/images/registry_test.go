package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// repositoryOf returns the repository of a service at a registry.
func repositoryOf(t *testing.T, host, called string) name.Repository {
	t.Helper()

	repositories, err := repositoriesOf(host+"/platform", []service{{name: called}})
	require.NoError(t, err)

	return repositories[called]
}

func TestAnImageIsPushedOnceWithItsSBOM(t *testing.T) {
	t.Parallel()

	for kind, listsReferrers := range map[string]bool{"OCI 1.1": true, "before OCI 1.1": false} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()

			fake := startRegistry(t, listsReferrers)
			repository, made := repositoryOf(t, fake.host, "shop"), imaginary(t, "shop")

			result, err := push(t.Context(), repository, made)
			require.NoError(t, err)
			assert.Equal(t, "pushed", result)
			assert.NotEmpty(t, fake.written())

			reference := repository.Digest(made.digest.String())
			pulled, err := remote.Index(reference)
			require.NoError(t, err)
			require.NoError(t, validate.Index(pulled))

			assert.JSONEq(t, sbomText(t, made.sbom), sbomText(t, referrer(t, reference)))

			result, err = push(t.Context(), repository, made)
			require.NoError(t, err)
			assert.Equal(t, "unchanged", result)
			assert.Empty(t, fake.written())
		})
	}
}

func TestAnInterruptedPushLeavesNoTag(t *testing.T) {
	t.Parallel()

	fake, made := startRegistry(t, true), imaginary(t, "shop")
	repository := repositoryOf(t, fake.host, "shop")

	digest, err := made.sbom.Digest()
	require.NoError(t, err)
	fake.refuses(func(r *http.Request) int {
		if r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, digest.String()) {
			return http.StatusBadRequest
		}

		return 0
	})

	_, err = push(t.Context(), repository, made)
	require.ErrorContains(t, err, "pushing the SBOM to "+repository.String())

	tags, err := remote.List(repository)
	require.NoError(t, err)
	assert.Empty(t, tags)

	fake.refuses(nil)

	result, err := push(t.Context(), repository, made)
	require.NoError(t, err)
	assert.Equal(t, "pushed", result)

	tags, err = remote.List(repository)
	require.NoError(t, err)
	assert.Equal(t, []string{made.digest.Hex[:tagLength]}, tags)
	referrer(t, repository.Digest(made.digest.String()))
}

func TestNothingIsPushedIfTheRegistryCannotBeQueried(t *testing.T) {
	t.Parallel()

	fake := startRegistry(t, true)
	repository := repositoryOf(t, fake.host, "shop")

	fake.refuses(func(r *http.Request) int {
		if r.Method == http.MethodHead {
			return http.StatusBadRequest
		}

		return 0
	})

	_, err := push(t.Context(), repository, imaginary(t, "shop"))
	require.ErrorContains(t, err, "looking for shop in "+repository.String())
	assert.Empty(t, fake.written())
}

func TestCredentialsComeFromDockersConfiguration(t *testing.T) {
	fake := startRegistry(t, true)
	login := base64.StdEncoding.EncodeToString([]byte("user:password"))
	folder := t.TempDir()
	t.Setenv("DOCKER_CONFIG", folder)

	fake.refuses(func(r *http.Request) int {
		if r.Header.Get("Authorization") == "Basic "+login || r.URL.Path == "/v2/" {
			return 0
		}

		return http.StatusForbidden
	})

	services := []service{{name: "coffee"}, {name: "shop"}}
	repositories, err := repositoriesOf(fake.host, services)
	require.NoError(t, err)

	err = mayPush(repositories)
	for _, s := range services {
		require.ErrorContains(t, err, "checking the permission to push to "+fake.host+"/"+s.name)
	}

	require.ErrorContains(t, err, "docker login "+fake.host)

	config := fmt.Sprintf(`{"auths": {%q: {"auth": %q}}}`, fake.host, login)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "config.json"), []byte(config), 0o600))

	require.NoError(t, mayPush(repositories))

	_, err = push(t.Context(), repositories["shop"], imaginary(t, "shop"))
	require.NoError(t, err)
}

func TestARepositoryIsTheRegistryAndTheService(t *testing.T) {
	t.Parallel()

	services := []service{{name: "coffee"}, {name: "shop"}}

	for registry, want := range map[string]string{
		"registry.example":           "registry.example/shop",
		"registry.example:8443/a/b":  "registry.example:8443/a/b/shop",
		"registry.example/a_b/c-d.e": "registry.example/a_b/c-d.e/shop",
		"localhost/platform":         "localhost/platform/shop",
		"localhost:5000":             "localhost:5000/shop",
		"[::1]:5000":                 "[::1]:5000/shop",
		"127.0.0.1:5000":             "127.0.0.1:5000/shop",
	} {
		repositories, err := repositoriesOf(registry, services)
		require.NoError(t, err)
		assert.Len(t, repositories, len(services))
		assert.Equal(t, want, repositories["shop"].Name())
	}

	repositories, err := repositoriesOf("", services)
	require.NoError(t, err)
	assert.Empty(t, repositories)
}

func TestInvalidRegistriesAreRefused(t *testing.T) {
	t.Parallel()

	for registry, want := range map[string]string{
		"https://registry.example": "without https://",
		"platform":                 "expected host",
		"platform/shops":           "expected host",
		"registry.example/":        "expected host",
		"registry.example//a":      "expected host",
		"registry.example/Shops":   "in lower case",
		"registry.example/a:tag":   "expected host",
		"registry.example:port":    "expected host",
		"10.0.0.1:5000":            "without TLS",
		"192.168.1.1/platform":     "without TLS",
		"registry.localhost:80":    "without TLS",
	} {
		_, err := repositoriesOf(registry, []service{{name: "shop"}})
		require.ErrorContains(t, err, fmt.Sprintf("registry is %q", registry))
		assert.ErrorContains(t, err, want)
	}
}
