package sarif_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/sarif"
)

const (
	key    = "urn:pulumi:s::p::aws:kms/key:Key::key"
	bucket = "urn:pulumi:s::p::aws:s3/bucket:Bucket::logs"
)

// TestTheLogHasWhatGitHubRequires compares the whole log:
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
func TestTheLogHasWhatGitHubRequires(t *testing.T) {
	t.Parallel()

	text, err := sarif.Of("s", "infra/Pulumi.s.yaml", []controls.Finding{
		{ID: "A1", Title: "Passing", Source: "CIS 1", Result: controls.Pass, Evidence: []controls.Evidence{{URN: key}}},
		{
			ID: "A2", Title: "Failing", Source: "-", Result: controls.Fail, Reason: "it is public",
			Evidence: []controls.Evidence{
				{URN: key, Property: "policy"}, {URN: key, Property: "rotation"}, {URN: bucket, Property: "acl"},
			},
		},
		{
			ID: "A3", Title: "Excepted", Source: "CIS 3", Result: controls.Exception, Reason: "agreed",
			Evidence: []controls.Evidence{{URN: bucket, Property: "acl"}},
		},
		{ID: "A4", Title: "Unknown", Source: "CIS 4", Result: controls.Unknown},
		{
			ID: "A6", Title: "In a file", Source: "-", Result: controls.Fail, Reason: "not pinned",
			Evidence: []controls.Evidence{{File: "checks.yml", Property: "jobs"}},
		},
		{ID: "A5", Title: "Inapplicable", Source: "CIS 5", Result: controls.NotApplicable},
	})
	require.NoError(t, err)

	rule := func(id, title, help string) string {
		return `{"id": "` + id + `", "shortDescription": {"text": "` + title + `"}, "fullDescription": {"text": "` + title +
			`"}, "help": {"text": "` + help + `"}}`
	}
	located := func(file, logical string) string {
		return `[{"physicalLocation": {"artifactLocation": {"uri": "` + file + `"}, "region": {"startLine": 1}}` +
			logical + `}]`
	}
	location := func(logical string) string {
		return located("infra/Pulumi.s.yaml", `, "logicalLocations": [`+logical+`]`)
	}

	const (
		theKey    = `{"name": "key", "fullyQualifiedName": "` + key + `", "kind": "resource"}`
		theBucket = `{"name": "logs", "fullyQualifiedName": "` + bucket + `", "kind": "resource"}`
	)

	assert.JSONEq(t, `{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": [{
			"tool": {"driver": {"name": "score card", "rules": [
				`+rule("A1", "Passing", "Sources: CIS 1")+`, `+rule("A2", "Failing", "A rule of this platform")+`,
				`+rule("A3", "Excepted", "Sources: CIS 3")+`, `+rule("A4", "Unknown", "Sources: CIS 4")+`,
				`+rule("A6", "In a file", "A rule of this platform")+`, `+rule("A5", "Inapplicable", "Sources: CIS 5")+`
			]}},
			"automationDetails": {"id": "score-card/s/"},
			"results": [
				{"ruleId": "A2", "level": "error", "message": {"text": "Failing: it is public"},
					"partialFingerprints": {"primaryLocationLineHash": "s:A2"}, "locations": `+location(theKey+","+theBucket)+`},
				{"ruleId": "A3", "level": "note", "message": {"text": "Excepted: agreed"},
					"partialFingerprints": {"primaryLocationLineHash": "s:A3"}, "locations": `+location(theBucket)+`,
					"suppressions": [{"kind": "external", "status": "accepted", "justification": "agreed"}]},
				{"ruleId": "A6", "level": "error", "message": {"text": "In a file: not pinned"},
					"partialFingerprints": {"primaryLocationLineHash": "s:A6"}, "locations": `+located("checks.yml", "")+`}
			]
		}]}`, string(text))
}

func TestAStackWithoutFindingsHasEmptyLists(t *testing.T) {
	t.Parallel()

	text, err := sarif.Of("s", "Pulumi.s.yaml", nil)
	require.NoError(t, err)

	assert.JSONEq(t, `{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0",
		"runs": [{"tool": {"driver": {"name": "score card", "rules": []}}, "automationDetails": {"id": "score-card/s/"},
			"results": []}]
	}`, string(text))
}
