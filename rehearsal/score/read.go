package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/state"
)

const expected = "the output of `pulumi stack export` or `pulumi preview --json --show-sames`"

// subject is what a file describes: the resources of a stack, and those that a preview would change.
type subject struct {
	known   *state.State
	stack   string
	changed map[resource.URN]bool
}

// read reads the file that the variable FILE names.
func read(file string) (subject, error) {
	if file == "" {
		return subject{}, errors.New("FILE is not set; expected a file with " + expected)
	}

	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return subject{}, fmt.Errorf("FILE: %w", err)
	}

	read, err := decode(text)
	if err != nil {
		return subject{}, fmt.Errorf("FILE: %s: %w", file, err)
	}

	return read, nil
}

// decode decodes an exported state, a golden graph, a checkpoint or a preview.
func decode(text []byte) (subject, error) {
	var (
		s    subject
		kind struct {
			Deployment  json.RawMessage `json:"deployment"`
			Checkpoint  json.RawMessage `json:"checkpoint"`
			Steps       json.RawMessage `json:"steps"`
			Diagnostics json.RawMessage `json:"diagnostics"`
		}
	)

	err := json.Unmarshal(text, &kind)

	switch {
	case err != nil:
		err = fmt.Errorf("expected %s: %w", expected, err)
	case kind.Checkpoint != nil:
		s.known, err = state.ParseCheckpoint(text)
	case kind.Deployment != nil:
		s.known, err = state.Parse(text)
	case kind.Steps != nil || kind.Diagnostics != nil:
		var steps []plan.Step

		s.known, steps, err = plan.ReadResult(text)
		s.changed = plan.Changed(steps)
	default:
		err = errors.New("expected " + expected)
	}

	if err != nil {
		return subject{}, err
	}

	// The outputs name the exceptions, and whether the environment must survive the loss of a zone and keeps its data.
	// Without them, controls would pass that do not hold.
	if len(s.known.Outputs()) == 0 {
		return subject{}, errors.New("the stack has no outputs, which contain its policy and exceptions; " +
			"deploy it first (`make preview` checks the controls before the first deployment)")
	}

	s.stack = string(s.known.Resources[0].URN.Stack())

	if !slices.ContainsFunc(s.known.Resources, hasReferences) { // a golden graph
		controls.Refer(s.known)
	}

	return s, nil
}

func hasReferences(r state.Resource) bool { return len(r.PropertyDependencies) > 0 }
