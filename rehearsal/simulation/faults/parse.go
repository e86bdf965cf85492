package faults

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/suggest"
)

// suggestions is how many known types a refusal lists.
const suggestions = 3

// form is a kind of fault: the operations that it can affect, and its words.
type form struct {
	kind       Kind
	operations []Operation
	words      []string
}

func forms() []form {
	return []form{
		{Fail, []Operation{Create, Update, Delete}, usual()},
		{Hang, []Operation{Create}, usual()},
		{Lack, []Operation{Create}, append(usual(), "<boolean property>")},
	}
}

// usual are the words of most kinds.
func usual() []string {
	return []string{"<kind>", "<operation>", "<type>"}
}

// Parse reads faults separated by ";", each "<kind> <operation> <type>", after which lack has a property of the type.
// It reports all problems at once; an unknown type with the nearest known ones. The simulation checks properties when
// it starts.
func Parse(text string, knownTypes ...string) (Plan, error) {
	var (
		plan     Plan
		problems []error
	)

	for part := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(part) == "" {
			continue
		}

		fault, err := parse(strings.Fields(part), knownTypes)
		if err != nil {
			problems = append(problems, fmt.Errorf("fault %q: %w", strings.TrimSpace(part), err))
		}

		plan.faults = append(plan.faults, fault)
	}

	if err := errors.Join(problems...); err != nil {
		return Plan{}, err
	}

	return plan, nil
}

func parse(words, knownTypes []string) (Fault, error) {
	want := wordsOf(Kind(words[0]))
	if len(words) != len(want) {
		return Fault{}, fmt.Errorf("got %d words, expected %d: %s", len(words), len(want), strings.Join(want, " "))
	}

	fault := Fault{
		Kind: Kind(words[0]), Operation: Operation(words[1]), Type: words[2], Property: strings.Join(words[3:], ""),
	}

	var unknownType error

	if !slices.Contains(knownTypes, fault.Type) {
		nearest := suggest.Nearest(fault.Type, knownTypes, suggestions)
		unknownType = fmt.Errorf("type %s is not simulated; nearest: %s", fault.Type, strings.Join(nearest, ", "))
	}

	return fault, errors.Join(checkOperation(fault), unknownType)
}

// wordsOf are the words of a fault of that kind.
func wordsOf(kind Kind) []string {
	for _, known := range forms() {
		if known.kind == kind {
			return known.words
		}
	}

	return usual()
}

func checkOperation(fault Fault) error {
	var kinds []string

	for _, known := range forms() {
		if known.kind == fault.Kind {
			if slices.Contains(known.operations, fault.Operation) {
				return nil
			}

			return fmt.Errorf("unknown operation %q; %s expects: %s", fault.Operation, fault.Kind, list(known.operations))
		}

		kinds = append(kinds, string(known.kind))
	}

	return fmt.Errorf("unknown kind %q; known: %s", fault.Kind, strings.Join(kinds, ", "))
}

func list(operations []Operation) string {
	names := make([]string, len(operations))
	for i, operation := range operations {
		names[i] = string(operation)
	}

	return strings.Join(names, ", ")
}
