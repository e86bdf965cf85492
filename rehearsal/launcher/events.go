package launcher

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

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

	defer file.Close() //nolint:errcheck // it was only read

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

// changes returns how many resources the last operation created, updated, replaced and deleted, by the
// engine's own words; what stayed the same is not among them.
func (s *Session) changes() (map[string]int, error) {
	events, err := s.events()
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}

	return lastSummary(events), nil
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
