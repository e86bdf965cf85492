package policy_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// renovate is the part of renovate.json with our own patterns for versions.
type renovate struct {
	CustomManagers []struct {
		ManagerFilePatterns []string `json:"managerFilePatterns"`
		MatchStrings        []string `json:"matchStrings"`
	} `json:"customManagers"`
}

// found returns the versions that the n-th custom manager finds, by file. Renovate's regular expressions have Go's
// syntax.
func found(t *testing.T, n int) map[string][]string {
	t.Helper()

	var config renovate

	require.NoError(t, json.Unmarshal([]byte(read(t, ".github", "renovate.json")), &config))

	manager := config.CustomManagers[n]
	files := regexp.MustCompile(strings.Trim(manager.ManagerFilePatterns[0], "/"))
	text := regexp.MustCompile(manager.MatchStrings[0])
	versions := make(map[string][]string)

	require.NoError(t, fs.WalkDir(os.DirFS(root), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && (path == ".git" || path == ".rehearsal") {
			return fs.SkipDir
		}

		if err != nil || entry.IsDir() || !files.MatchString(path) {
			return err
		}

		for _, match := range text.FindAllStringSubmatch(read(t, filepath.FromSlash(path)), -1) {
			versions[path] = append(versions[path], match[text.SubexpIndex("currentValue")])
		}

		return nil
	}))

	return versions
}

func TestRenovateFindsEveryThirdPartyChart(t *testing.T) {
	t.Parallel()

	charts := found(t, 0)
	assert.Len(t, charts, 2)

	for file, versions := range charts {
		assert.Len(t, versions, strings.Count(read(t, file), "kube.Chart{Repository"), file)
	}

	assert.Contains(t, charts, "components/gitops/argocd.go")
	assert.Contains(t, charts, "components/ingress/traefik.go")
}

func TestRenovateFindsTheCLIInEveryWorkflow(t *testing.T) {
	t.Parallel()

	everywhere := found(t, 1)

	for file, text := range workflows(t) {
		assert.Len(t, everywhere[".github/workflows/"+file], strings.Count(text, "uses: pulumi/actions@"), file)
	}
}

func TestRenovateFindsEveryPinnedAddon(t *testing.T) {
	t.Parallel()

	const file = "components/cluster/plan/addons.yaml"

	addons := found(t, 2)
	assert.Len(t, addons, 1)
	assert.Len(t, addons[file], strings.Count(read(t, file), "- {minor:"))
}
