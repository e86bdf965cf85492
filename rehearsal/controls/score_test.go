package controls_test

import (
	"os"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
)

// scored returns one finding of a score.
func scored(t *testing.T, environment controls.Environment, changed map[resource.URN]bool, id string) controls.Finding {
	t.Helper()

	findings := controls.Score(environment, changed)
	index := slices.IndexFunc(findings, func(f controls.Finding) bool { return f.ID == id })
	require.GreaterOrEqual(t, index, 0, "%s has no score", id)

	return findings[index]
}

func TestOnlyAControlThatAChangedResourceFailsIsUnknown(t *testing.T) {
	t.Parallel()

	environment := golden(t, "staging")
	set("aws:rds/instance:Instance", "database-instance", "storageEncrypted", false)(&environment)

	failed := scored(t, environment, nil, "D2")
	require.Equal(t, controls.Fail, failed.Result)

	other := map[resource.URN]bool{environment.State.Resources[0].URN: true}
	assert.Equal(t, controls.Fail, scored(t, environment, other, "D2").Result, "another resource changes")

	changed := map[resource.URN]bool{failed.Evidence[0].URN: true}
	unknown := scored(t, environment, changed, "D2")
	assert.Equal(t, controls.Unknown, unknown.Result)
	assert.Contains(t, unknown.Reason, failed.Reason)
	assert.Equal(t, controls.Pass, scored(t, environment, changed, "D5").Result, "a control that it passes")
}

func TestControlsThatOnlyTestsCheckAreUnknown(t *testing.T) {
	t.Parallel()

	tested := controls.TestedElsewhere()
	require.NotEmpty(t, tested)

	for _, row := range tested {
		found := scored(t, golden(t, "staging"), nil, row.ID)
		assert.Equal(t, controls.Unknown, found.Result, row.ID)
		assert.Equal(t, row.Title, found.Title)

		for _, test := range row.Tests {
			assert.Contains(t, found.Reason, test.Function, row.ID)
			assert.Contains(t, found.Reason, test.File, row.ID)
		}
	}
}

func TestARangeIsComparedWithTheGoldensOfOtherEnvironments(t *testing.T) {
	t.Parallel()

	environment := golden(t, "staging")
	environment.Others = nil

	alone := scored(t, environment, nil, "N9")
	assert.Equal(t, controls.Pass, alone.Result)
	assert.Contains(t, alone.Reason, "not compared")

	others, err := controls.ReadOthers(os.DirFS("../.."), "staging")
	require.NoError(t, err)
	require.Len(t, others, len(readGoldens(t))-1, "all but staging")

	environment.Others = others
	assert.Empty(t, scored(t, environment, nil, "N9").Reason)

	environment.Others, err = controls.ReadOthers(os.DirFS("../.."), "production")
	require.NoError(t, err)
	assert.Equal(t, controls.Fail, scored(t, environment, nil, "N9").Result, "another environment has staging's range")

	others, err = controls.ReadOthers(fstest.MapFS{}, "staging")
	require.NoError(t, err)
	assert.Empty(t, others, "a repository without golden graphs")

	_, err = controls.ReadOthers(fstest.MapFS{"stacks/testdata/a.json": {Data: []byte("[")}}, "staging")
	assert.ErrorContains(t, err, "stacks/testdata/a.json")
}
