package controls_test

import (
	"os"
	"slices"
	"testing"
	"time"

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

func TestAControlThatOnlyTestsCheckNamesThem(t *testing.T) {
	t.Parallel()

	found := scored(t, golden(t, "staging"), nil, "C7")
	assert.Equal(t, controls.Tested, found.Result)
	require.Len(t, found.Evidence, len(controls.Charts()["C7"]))
	assert.Equal(t, controls.Charts()["C7"][0].File, found.Evidence[0].Name())

	account, err := controls.ReadGolden(os.DirFS("../.."), "infra/bootstrap/account/testdata/account.json", time.Now())
	require.NoError(t, err)
	assert.Equal(t, controls.NotApplicable, scored(t, account, nil, "C7").Result)
}

func TestTheFileOfTheAccountIsInItsOwnProject(t *testing.T) {
	t.Parallel()

	repository := os.DirFS("../..")

	for stack, file := range map[string]string{
		"account": "infra/bootstrap/Pulumi.account.yaml", "staging": "Pulumi.staging.yaml", "new": "Pulumi.new.yaml",
	} {
		assert.Equal(t, file, controls.StackFile(repository, stack))
	}

	assert.Equal(t, "Pulumi.account.yaml", controls.StackFile(nil, "account"), "another project")
}
