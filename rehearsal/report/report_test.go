package report_test

import (
	"encoding/json"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/reporttest"
	"github.com/msur/platform/rehearsal/state"
)

func example(t *testing.T) *report.Report {
	t.Helper()

	known, err := state.Parse([]byte(`{"deployment": {"resources": [
		{"urn": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s", "type": "pulumi:pulumi:Stack"},
		{"urn": "urn:pulumi:s::p::pulumi:providers:aws::aws", "type": "pulumi:providers:aws", "custom": true,
			"parent": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s"},
		{"urn": "urn:pulumi:s::p::c:n:Network::network", "type": "c:n:Network",
			"parent": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s"},
		{"urn": "urn:pulumi:s::p::c:n:Network$aws:ec2/vpc:Vpc::v", "type": "aws:ec2/vpc:Vpc", "custom": true,
			"parent": "urn:pulumi:s::p::c:n:Network::network"},
		{"urn": "urn:pulumi:s::p::c:n:Network$aws:ec2/subnet:Subnet::s1", "type": "aws:ec2/subnet:Subnet",
			"custom": true, "parent": "urn:pulumi:s::p::c:n:Network::network",
			"dependencies": ["urn:pulumi:s::p::c:n:Network$aws:ec2/vpc:Vpc::v"]},
		{"urn": "urn:pulumi:s::p::c:n:Network$aws:ec2/subnet:Subnet::s2", "type": "aws:ec2/subnet:Subnet",
			"custom": true, "parent": "urn:pulumi:s::p::c:n:Network::network"},
		{"urn": "urn:pulumi:s::p::aws:kms/key:Key::k", "type": "aws:kms/key:Key", "custom": true,
			"parent": "urn:pulumi:s::p::pulumi:pulumi:Stack::p-s"}
	]}}`))
	require.NoError(t, err)

	return report.New(report.Run{
		Stack: "s", Operation: "up", Commit: "abc", Before: &state.State{}, After: known,
		Changes: map[string]int{"create": 4}, Now: time.Now(),
	})
}

func TestTheTableCountsResourcesInTheAccount(t *testing.T) {
	t.Parallel()

	file, err := example(t).Write(t.TempDir())
	require.NoError(t, err)

	written, err := report.Read(file)
	require.NoError(t, err)

	var rows [][]string
	for line := range strings.Lines(written.Table()) {
		rows = append(rows, strings.Fields(line))
	}

	assert.Equal(t, [][]string{
		{"COMPONENT", "RESOURCES", "KINDS"},
		{"network", "3", "2", "Subnet,", "1", "Vpc"},
		{"-", "1", "1", "Key"},
		{"total", "4"},
	}, rows)
}

func TestTheFileContainsTheWholeReport(t *testing.T) {
	t.Parallel()

	file, err := example(t).Write(t.TempDir() + "/out/s")
	require.NoError(t, err)

	text, err := os.ReadFile(file)
	require.NoError(t, err)

	var written map[string]any
	require.NoError(t, json.Unmarshal(text, &written))

	assert.EqualValues(t, report.SchemaVersion, written["schemaVersion"])
	assert.Equal(t, "s", written["stack"])
	assert.Equal(t, "abc", written["commit"])
	assert.Equal(t, map[string]any{"create": 4.0}, written["changes"])

	resources, ok := written["resources"].([]any)
	require.True(t, ok)
	require.Len(t, resources, 7, "providers and components too")
	assert.Equal(t, map[string]any{
		"urn": "urn:pulumi:s::p::c:n:Network$aws:ec2/subnet:Subnet::s1", "type": "aws:ec2/subnet:Subnet",
		"component": "network", "inAccount": true, "dependencies": []any{"urn:pulumi:s::p::c:n:Network$aws:ec2/vpc:Vpc::v"},
	}, resources[4])
}

func TestTheControlsAreWrittenAsSARIFToo(t *testing.T) {
	t.Parallel()

	run := reporttest.Run(t, "staging", apitype.OpSame)
	run.Operation, run.Steps = "up", nil

	for _, r := range run.After.Resources {
		if r.URN.Name() == "database-instance" {
			r.Inputs["publiclyAccessible"] = true
		}
	}

	written, folder := report.New(run), t.TempDir()
	_, err := written.Write(folder)
	require.NoError(t, err)

	log := read(t, folder+"/report.sarif")
	assert.Contains(t, log, `"ruleId": "D1"`)
	assert.Contains(t, log, `"uri": "Pulumi.staging.yaml"`)
	assert.Contains(t, log, `"id": "C7"`, "a control that only tests check")

	result := func(id string) controls.Finding {
		all := report.New(run).Controls

		return all[slices.IndexFunc(all, func(f controls.Finding) bool { return f.ID == id })]
	}
	assert.Equal(t, controls.Pass, result("A6").Result, "the workflows are read")

	for _, r := range run.After.Resources {
		if r.URN.Name() == "database-instance" {
			run.Steps = []plan.Step{{URN: r.URN, Op: apitype.OpUpdate}}
		}
	}

	assert.Equal(t, controls.Fail, result("D1").Result, "after an up, everything is known")

	run.Operation = "preview"

	assert.Equal(t, controls.Unknown, result("D1").Result, "the run changes the database")
}

func TestAMissingOrInvalidReportIsAnError(t *testing.T) {
	t.Parallel()

	_, err := report.Read(t.TempDir() + "/none.json")
	require.ErrorIs(t, err, fs.ErrNotExist)

	file := t.TempDir() + "/nonsense.json"
	require.NoError(t, os.WriteFile(file, []byte("nonsense"), 0o600))

	_, err = report.Read(file)
	require.ErrorContains(t, err, file)

	require.NoError(t, os.WriteFile(file, []byte(`{"schemaVersion": 1}`), 0o600))

	_, err = report.Read(file)
	require.ErrorContains(t, err, "version 1")
}
