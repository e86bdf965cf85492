package faults

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/suggest"
)

// suggestions is how many known types a refusal lists.
const suggestions = 3

// Parse reads faults separated by ";", each "<kind> <operation> <type>", after which lack has a property of the type.
// booleans are the boolean properties of each simulated type. Parse reports all problems at once.
func Parse(text string, booleans map[string][]string) ([]Fault, error) {
	var (
		faults   []Fault
		problems []error
	)

	for part := range strings.SplitSeq(text, ";") {
		words := strings.Fields(part)
		if len(words) == 0 {
			continue
		}

		fault, err := parse(words, booleans)
		if err != nil {
			problems = append(problems, fmt.Errorf("fault %q: %w", strings.TrimSpace(part), err))
		}

		faults = append(faults, fault)
	}

	return faults, errors.Join(problems...)
}

func parse(words []string, booleans map[string][]string) (Fault, error) {
	expected := []string{"<kind>", "<operation>", "<type>"}
	if words[0] == string(Lack) {
		expected = append(expected, "<boolean property>")
	}

	if len(words) != len(expected) {
		return Fault{}, fmt.Errorf("got %d words, expected %d: %s", len(words), len(expected), strings.Join(expected, " "))
	}

	fault := Fault{
		Kind: Kind(words[0]), Operation: Operation(words[1]), Type: words[2], Property: strings.Join(words[3:], ""),
	}

	return fault, errors.Join(fault.checkOperation(), fault.checkType(booleans))
}

func (f Fault) checkOperation() error {
	operations := map[Kind][]string{
		Fail: {string(Create), string(Update), string(Delete)}, Hang: {string(Create)}, Lack: {string(Create)},
		Break: {string(Create)},
	}

	switch known, ok := operations[f.Kind]; {
	case !ok:
		return fmt.Errorf("unknown kind %q; known: %s, %s, %s, %s", f.Kind, Fail, Hang, Lack, Break)
	case !slices.Contains(known, string(f.Operation)):
		return fmt.Errorf("unknown operation %q; %s expects: %s", f.Operation, f.Kind, strings.Join(known, ", "))
	}

	return nil
}

func (f Fault) checkType(booleans map[string][]string) error {
	known, simulated := booleans[f.Type]

	switch {
	case !simulated:
		nearest := suggest.Nearest(f.Type, slices.Collect(maps.Keys(booleans)), suggestions)

		return fmt.Errorf("type %s is not simulated; nearest: %s", f.Type, strings.Join(nearest, ", "))
	case f.Kind == Lack && !slices.Contains(known, f.Property): // it would have no effect
		return fmt.Errorf("unknown boolean property %q; known: %s", f.Property, strings.Join(known, ", "))
	}

	return nil
}
