// Package sarif writes the results of the controls as SARIF 2.1.0, which GitHub's code scanning and editors show.
package sarif

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/controls"
)

// The members of a log are those that the results use and those that GitHub requires:
// https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
type (
	document struct {
		Schema  string `json:"$schema"`
		Version string `json:"version"`
		Runs    []run  `json:"runs"`
	}
	// The id distinguishes the results of several stacks, which GitHub would otherwise replace by the last.
	automation struct {
		ID string `json:"id"`
	}
	run struct {
		Tool       tool       `json:"tool"`
		Automation automation `json:"automationDetails"`
		Results    []result   `json:"results"`
	}
	tool struct {
		Driver driver `json:"driver"`
	}
	driver struct {
		Name  string `json:"name"`
		Rules []rule `json:"rules"`
	}
	rule struct {
		ID               string  `json:"id"`
		ShortDescription message `json:"shortDescription"`
		FullDescription  message `json:"fullDescription"`
		Help             message `json:"help"`
	}
	message struct {
		Text string `json:"text"`
	}
	result struct {
		RuleID       string            `json:"ruleId"`
		Level        string            `json:"level"`
		Message      message           `json:"message"`
		Locations    []location        `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
		Suppressions []suppression     `json:"suppressions,omitempty"`
	}
	location struct {
		Physical physical  `json:"physicalLocation"`
		Logical  []logical `json:"logicalLocations,omitempty"`
	}
	physical struct {
		Artifact artifact `json:"artifactLocation"`
		Region   region   `json:"region"`
	}
	artifact struct {
		URI string `json:"uri"`
	}
	region struct {
		StartLine int `json:"startLine"`
	}
	logical struct {
		Name               string       `json:"name"`
		FullyQualifiedName resource.URN `json:"fullyQualifiedName"`
		Kind               string       `json:"kind"`
	}
	suppression struct {
		Kind          string `json:"kind"`
		Status        string `json:"status"`
		Justification string `json:"justification"`
	}
)

// Of returns the SARIF of a stack's findings. Each control is a rule; those that fail or are excepted have a result.
// The file is that of the stack.
func Of(stack, file string, findings []controls.Finding) ([]byte, error) {
	scored := run{
		Tool: tool{driver{Name: "score card", Rules: []rule{}}}, Automation: automation{"score-card/" + stack + "/"},
		Results: []result{},
	}

	for _, found := range findings {
		scored.Tool.Driver.Rules = append(scored.Tool.Driver.Rules, newRule(found))

		if found.Result == controls.Fail || found.Result == controls.Exception {
			scored.Results = append(scored.Results, newResult(stack, file, found))
		}
	}

	text, err := json.MarshalIndent(document{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []run{scored},
	}, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encoding the controls of %s: %w", stack, err)
	}

	return append(text, '\n'), nil
}

func newRule(found controls.Finding) rule {
	help := "Sources: " + found.Source
	if found.Source == "-" {
		help = "A rule of this platform"
	}

	return rule{
		ID: found.ID, ShortDescription: message{found.Title}, FullDescription: message{found.Title}, Help: message{help},
	}
}

// newResult returns the result of a control that fails or is excepted. It is located in the file that violates the
// control, or in the stack file, whose settings decide about resources.
func newResult(stack, file string, found controls.Finding) result {
	where := location{Physical: physical{artifact{file}, region{1}}}
	seen := make(map[resource.URN]bool)

	for _, evidence := range found.Evidence {
		if evidence.File != "" {
			where.Physical.Artifact.URI = evidence.File
		} else if urn := evidence.URN; !seen[urn] {
			seen[urn] = true
			where.Logical = append(where.Logical, logical{urn.Name(), urn, "resource"})
		}
	}

	r := result{
		RuleID: found.ID, Level: "error", Message: message{found.Title + ": " + found.Reason}, Locations: []location{where},
		Fingerprints: map[string]string{"primaryLocationLineHash": stack + ":" + found.ID},
	}

	if found.Result == controls.Exception {
		r.Level, r.Suppressions = "note", []suppression{{"external", "accepted", found.Reason}}
	}

	return r
}
