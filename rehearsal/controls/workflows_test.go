package controls_test

import (
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
)

func TestA6WorkflowsHaveMinimalPermissionsPinnedActionsAndNoPullRequestTarget(t *testing.T) {
	t.Parallel()

	passes(t, "A6")

	files, err := fs.Glob(os.DirFS("../.."), ".github/workflows/*")
	require.NoError(t, err)

	var named []string
	for _, e := range finding(t, golden(t, "staging"), "A6").Evidence {
		named = append(named, e.File)
	}

	assert.Subset(t, named, files, "the evidence has every workflow")

	const (
		file = ".github/workflows/comment.yml"
		pin  = "3d3c42e5aac5ba805825da76410c181273ba90b1"
	)

	for _, change := range []struct{ before, after, reason string }{
		{"permissions: {}\n", "permissions: write-all\n", "(permissions): expected {}"},
		{"permissions: {}\n", "permissions: {contents: read}\n", "(permissions): expected {}"},
		{"permissions: {}\n", "", "(permissions): expected {}"},
		{"    permissions:\n", "    env:\n", "comment: permissions must be listed by name"},
		{"    permissions:\n      actions: read\n", "    permissions: read-all\n    env:\n", "must be listed by name"},
		{"  workflow_run:\n", "  pull_request_target:\n  workflow_run:\n", "pull_request_target"},
		{pin, "v7", "actions/checkout@v7: expected a full commit"},
		{pin, pin[:12], "expected a full commit"},
		{pin + " # v7.0.1", pin, "expected a full commit"},
		{pin + " # v7.0.1", pin + " # v7", "expected a full commit"},
		{"actions/checkout@" + pin, "./.github/actions/own", "expected a full commit"},
		{"    steps:\n", "    uses: msur/platform/.github/workflows/x.yml@main\n    steps:\n", "x.yml@main: expected a full"},
		{"jobs:", "jobs: [", "cannot be read"},
	} {
		environment := golden(t, "staging")
		edit(t, file, change.before, change.after)(&environment)
		assertFails(t, environment, "A6", file)
		assert.Contains(t, finding(t, environment, "A6").Reason, change.reason)
	}

	for _, form := range []string{"pull_request_target", "[push, pull_request_target]"} {
		fails(t, "A6", path.Dir(file)+"/x.yml", write(path.Dir(file)+"/x.yml", "on: "+form+"\npermissions: {}\njobs: {}\n"))
	}
}

func TestARepositoryWithoutFilesPassesNoControlOfFiles(t *testing.T) {
	t.Parallel()

	environment := golden(t, "staging")
	environment.Repository = nil

	assert.Equal(t, controls.NotApplicable, finding(t, environment, "A6").Result)

	for _, found := range controls.Check(environment) {
		if strings.HasPrefix(found.ID, "C") && found.ID != "C7" {
			assert.Equal(t, controls.Unknown, found.Result, found.ID)
			assert.Contains(t, found.Reason, "run: make golden", found.ID)
		}
	}
}
