package launcher

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

// changes returns how many resources the last operation created, updated, replaced and deleted, by the
// engine's own words; what stayed the same is not among them.
func (s *Session) changes() (map[string]int, error) {
	file, err := os.Open(s.eventsFile())
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]int{}, nil
	}

	if err != nil {
		return nil, fmt.Errorf("reading the engine's events: %w", err)
	}

	defer file.Close() //nolint:errcheck // it was only read

	return lastSummary(file)
}

// checkPlan refuses what a preview shows that would lose data.
func (s *Session) checkPlan() error {
	file, err := os.Open(s.eventsFile())
	if err != nil {
		return fmt.Errorf("reading the engine's events: %w", err)
	}

	defer file.Close() //nolint:errcheck // it was only read

	steps, err := plan.ReadEvents(bufio.NewReader(file))
	if err != nil {
		return fmt.Errorf("checking the plan: %w", err)
	}

	if err := plan.Check(steps); err != nil {
		return fmt.Errorf("%s would not be the same: %w", s.options.Stack, err)
	}

	return nil
}

// lastSummary returns the changes of the last summary among the events: a preview's comes before that of the
// operation itself.
func lastSummary(events io.Reader) (map[string]int, error) {
	changes := make(map[string]int)

	for decoder := json.NewDecoder(bufio.NewReader(events)); decoder.More(); {
		var event apitype.EngineEvent
		if err := decoder.Decode(&event); err != nil {
			return nil, fmt.Errorf("reading the engine's events: %w", err)
		}

		if event.SummaryEvent != nil {
			clear(changes)

			for kind, count := range event.SummaryEvent.ResourceChanges {
				if kind != apitype.OpSame {
					changes[string(kind)] = count
				}
			}
		}
	}

	return changes, nil
}
