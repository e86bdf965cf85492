package launcher

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"

	"github.com/msur/platform/rehearsal/plan"
)

// eventsFile returns the file to which the engine writes its events, one per line.
func (s *Session) eventsFile() string { return s.file("events") }

// file returns a file that the engine writes about the stack.
func (s *Session) file(content string) string {
	return filepath.Join(s.options.Folders.Base, content+"-"+s.options.Stack+".json")
}

// makePrivate empties a file that the engine is about to write, and lets only its owner read it: the configuration in
// it may have a token in a URL. The engine truncates the file, which keeps its mode (Pulumi, backend/display/display.go
// and cmd/pulumi/plan/plan.go).
func makePrivate(file string) error {
	const ownerOnly = 0o600

	if err := os.WriteFile(file, nil, ownerOnly); err != nil {
		return fmt.Errorf("creating a file for the engine: %w", err)
	}

	if err := os.Chmod(file, ownerOnly); err != nil { // it may be an earlier run's
		return fmt.Errorf("protecting a file of the engine: %w", err)
	}

	return nil
}

// events returns the engine's events of the last operation.
func (s *Session) events() ([]apitype.EngineEvent, error) {
	file, err := os.Open(s.eventsFile())
	if err != nil {
		return nil, fmt.Errorf("reading the engine's events: %w", err)
	}

	defer file.Close()

	var events []apitype.EngineEvent

	for decoder := json.NewDecoder(bufio.NewReader(file)); decoder.More(); {
		var event apitype.EngineEvent
		if err := decoder.Decode(&event); err != nil {
			return nil, fmt.Errorf("reading the engine's events: %w", err)
		}

		events = append(events, event)
	}

	return events, nil
}

// checkPlan fails if the previewed changes would lose data.
func (s *Session) checkPlan() error {
	events, err := s.events()
	if err != nil {
		return err
	}

	if err := plan.Check(plan.Of(events)); err != nil {
		return fmt.Errorf("the plan of %s loses data: %w", s.options.Stack, err)
	}

	return nil
}

// lastOperation returns the events of the operation itself. The events of `up` start with those of its preview, which
// end with a summary.
func lastOperation(events []apitype.EngineEvent) []apitype.EngineEvent {
	start := 0

	for i, event := range events[:max(0, len(events)-1)] {
		if event.SummaryEvent != nil && hasSteps(events[i+1:]) {
			start = i + 1
		}
	}

	return events[start:]
}

func hasSteps(events []apitype.EngineEvent) bool {
	return slices.ContainsFunc(events, func(event apitype.EngineEvent) bool { return event.ResourcePreEvent != nil })
}

// lastSummary returns the changes in the last summary. An earlier one is that of the preview.
func lastSummary(events []apitype.EngineEvent) map[string]int {
	changes := make(map[string]int)

	for _, event := range events {
		if event.SummaryEvent == nil {
			continue
		}

		clear(changes)

		for kind, count := range event.SummaryEvent.ResourceChanges {
			if kind != apitype.OpSame {
				changes[string(kind)] = count
			}
		}
	}

	return changes
}
