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

// eventsFile is where the engine writes what it does, a line for each event.
func (s *Session) eventsFile() string {
	return filepath.Join(s.options.Folders.Base, "events-"+s.options.Stack+".json")
}

// events returns what the engine has written of the last operation.
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

// checkPlan refuses what a preview shows that would lose data.
func (s *Session) checkPlan() error {
	events, err := s.events()
	if err != nil {
		return err
	}

	if err := plan.Check(plan.Of(events)); err != nil {
		return fmt.Errorf("%s would not be the same: %w", s.options.Stack, err)
	}

	return nil
}

// lastOperation are the events of the operation itself: `up` has its preview's before them, which end with a summary.
func lastOperation(events []apitype.EngineEvent) []apitype.EngineEvent {
	begun := 0

	for i, event := range events[:max(0, len(events)-1)] {
		if event.SummaryEvent != nil && hasSteps(events[i+1:]) {
			begun = i + 1
		}
	}

	return events[begun:]
}

func hasSteps(events []apitype.EngineEvent) bool {
	return slices.ContainsFunc(events, func(event apitype.EngineEvent) bool { return event.ResourcePreEvent != nil })
}

// lastSummary returns the changes of the last summary among the events: a preview's comes before that of the
// operation itself.
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
