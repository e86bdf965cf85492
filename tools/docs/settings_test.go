package main

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	account "github.com/msur/platform/infra/bootstrap/settings"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

func TestSettingsPageHasEverySetting(t *testing.T) {
	t.Parallel()

	page, err := settingsPage(os.DirFS(root))
	require.NoError(t, err)

	environment, bootstrap, found := strings.Cut(string(page), "## An account")
	require.True(t, found)

	for part, paths := range map[string][]string{
		environment: slices.AppendSeq(config.Paths[settings.Settings](), maps.Keys(settings.Keys())),
		bootstrap:   slices.AppendSeq(config.Paths[account.Settings](), maps.Keys(account.Keys())),
	} {
		for _, path := range paths {
			assert.Contains(t, part, "\n| `"+written(path)+"` |")
		}
	}
}

func TestSettingsPageDescribesASetting(t *testing.T) {
	t.Parallel()

	page, err := settingsPage(os.DirFS(root))
	require.NoError(t, err)

	for name, row := range map[string]string{
		"required":        "network.cidr` | CIDR | required | an IPv4 CIDR between /16 and /21 | CIDR is the VPC's",
		"a value":         "database.version` | string | `\"8.4\"` | 8.4, in quotes | Version is",
		"a comment":       "environment.protect` | boolean | true in durable environments | true or false | Protect",
		"list elements":   "apps.<name>.needs` | list of string | none, and no permissions | a list of stores; each: ",
		"any value":       "cluster.addons.<name>.values` | map of value | only the platform's own values | ",
		"an object":       "cluster.addons.<name>.role` | object | none, and no permissions | an object of namespace, ",
		"of a component":  "cluster.nodes.<name>.min` | number | required | ",
		"element members": "cluster.nodes.<name>.taints[<index>].key` | string | required | ",
	} {
		assert.Contains(t, string(page), "\n| `platform:"+row, name)
	}

	shared := "Organization and Repository are as in"
	assert.Equal(t, 2, strings.Count(string(page), shared), "the second field has no comment of its own")
}

func TestSettingsPageFailsOnMissingComments(t *testing.T) {
	t.Parallel()

	_, err := settingsPage(fstest.MapFS{})
	require.ErrorContains(t, err, "stacks/settings")

	files := fstest.MapFS{
		"stacks/settings/x.go": {Data: []byte("package settings")},
		"internal/config/x.go": {Data: []byte("package config")},
	}
	_, err = settingsPage(files)
	require.ErrorContains(t, err, "the setting aws:region has no comment")
}
