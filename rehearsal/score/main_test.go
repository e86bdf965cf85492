package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type object = map[string]any

// golden returns the resources in the golden graph of staging.
func golden(t *testing.T) []any {
	t.Helper()

	text, err := os.ReadFile("../../stacks/testdata/staging.json")
	require.NoError(t, err)

	var exported struct {
		Deployment struct {
			Resources []any `json:"resources"`
		} `json:"deployment"`
	}
	require.NoError(t, json.Unmarshal(text, &exported))

	return exported.Deployment.Resources
}

// exposed returns staging with a public database.
func exposed(t *testing.T) []any {
	t.Helper()

	resources := golden(t)
	for _, r := range resources {
		if made, _ := r.(object); made["type"] == "aws:rds/instance:Instance" {
			made["inputs"].(object)["publiclyAccessible"] = true
		}
	}

	return resources
}

func export(resources []any) object { return object{"deployment": object{"resources": resources}} }

// preview returns the preview of resources, of which those of the type are updated. As in the engine's, a resource has
// an id and outputs only before the step.
func preview(resources []any, updated string) object {
	var steps []any

	for _, r := range resources {
		before, _ := r.(object)
		after, op := make(object), "same"

		for name, value := range before {
			if name != "outputs" && name != "id" {
				after[name] = value
			}
		}

		if before["type"] == updated {
			op = "update"
		}

		steps = append(steps, object{"op": op, "urn": before["urn"], "oldState": before, "newState": after})
	}

	return object{"steps": steps}
}

// score scores what a file contains, and returns the lines of the table by the control's id, the SARIF and the error.
func score(t *testing.T, content any) (map[string]string, string, error) {
	t.Helper()

	text, err := json.Marshal(content)
	require.NoError(t, err)

	folder := t.TempDir()
	file := filepath.Join(folder, "file.json")
	require.NoError(t, os.WriteFile(file, text, 0o600))

	var out strings.Builder

	failed := run(file, os.DirFS("../.."), folder+"/out", &out, time.Date(2026, time.November, 24, 0, 0, 0, 0, time.UTC))
	rows := make(map[string]string)

	for line := range strings.Lines(out.String()) {
		if words := strings.Fields(line); len(words) > 2 {
			rows[words[1]] = line
		}
	}

	log, err := os.ReadFile(filepath.Join(folder, "out", "score.sarif"))
	require.NoError(t, err)

	return rows, string(log), failed
}

func TestEveryKindOfFileHasTheSameScore(t *testing.T) {
	t.Parallel()

	want, _, err := score(t, export(golden(t)))
	require.NoError(t, err)
	assert.Contains(t, want["D1"], "pass ")
	assert.Contains(t, want["D3"], "pass ", "which requires the stack's policy")
	assert.Contains(t, want["C1"], "pass ")
	assert.Contains(t, want["A6"], "pass ")
	assert.Contains(t, want["N9"], "pass ")
	assert.Contains(t, want["C7"], "tested ")

	for name, content := range map[string]object{
		"a checkpoint": {"checkpoint": object{"latest": object{"resources": golden(t)}}},
		"a preview":    preview(golden(t), ""),
	} {
		got, _, err := score(t, content)
		require.NoError(t, err, name)
		assert.Equal(t, want, got, name)
	}
}

func TestAFailedControlIsAnError(t *testing.T) {
	t.Parallel()

	rows, log, err := score(t, export(exposed(t)))
	require.ErrorContains(t, err, "staging fails these controls: D1;")
	assert.Contains(t, rows["D1"], "fail ")
	assert.Contains(t, rows["D1"], "publiclyAccessible")
	assert.Contains(t, log, `"ruleId": "D1"`)

	_, log, err = score(t, export(golden(t)))
	require.NoError(t, err)
	assert.NotContains(t, log, `"ruleId": "D1"`)
}

func TestAPreviewFailsNoControlBecauseOfAResourceThatItChanges(t *testing.T) {
	t.Parallel()

	rows, _, err := score(t, preview(exposed(t), "aws:rds/instance:Instance"))
	require.NoError(t, err)
	assert.Contains(t, rows["D1"], "unknown ")

	_, _, err = score(t, preview(exposed(t), "aws:kms/key:Key"))
	require.ErrorContains(t, err, "D1", "the database does not change")
}

func TestUnusableFilesAreRefused(t *testing.T) {
	t.Parallel()

	_, err := read("")
	require.ErrorContains(t, err, "FILE is not set")

	_, err = read("none.json")
	require.ErrorIs(t, err, os.ErrNotExist)

	for text, reason := range map[string]string{
		"Previewing update":                                                "expected the output of `pulumi stack export`",
		`{"schemaVersion": 2}`:                                             "expected the output of `pulumi stack export`",
		`{"deployment": {"resources": []}}`:                                "no outputs",
		`{"steps": [], "changeSummary": {"same": 9}}`:                      "run `pulumi preview --json --show-sames`",
		`{"diagnostics": [{"severity": "error", "message": "no zone c"}]}`: "no zone c",
	} {
		_, err := decode([]byte(text))
		assert.ErrorContains(t, err, reason, text)
	}
}
