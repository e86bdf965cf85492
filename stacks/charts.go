package stacks

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// checkout is the repository's folder: the engine runs a program in the program's own folder, infra. The rehearsal's
// project folder has no charts.
const checkout = ".."

// chart lists the stores that the values of an application's chart may and must have, by its values.schema.json.
type chart struct{ accepted, required []settings.Need }

// readChart returns the chart of an application, and whether the folder has one: it may be in another repository.
func readChart(folder, app string) (chart, bool, error) {
	var schema struct {
		Properties struct {
			Platform struct {
				Properties map[string]any `json:"properties"`
				Required   []string       `json:"required"`
			} `json:"platform"`
		} `json:"properties"`
	}

	path := filepath.Join(folder, "apps", app, "chart", "values.schema.json")

	text, err := os.ReadFile(filepath.Clean(path))
	if errors.Is(err, fs.ErrNotExist) {
		return chart{}, false, nil
	}

	if err == nil {
		err = json.Unmarshal(text, &schema)
	}

	if err != nil {
		return chart{}, false, fmt.Errorf("reading the schema of the chart's values, %s: %w", path, err)
	}

	var found chart

	for _, need := range settings.Needs() {
		if _, accepted := schema.Properties.Platform.Properties[string(need)]; accepted {
			found.accepted = append(found.accepted, need)
		}

		if slices.Contains(schema.Properties.Platform.Required, string(need)) {
			found.required = append(found.required, need)
		}
	}

	return found, true, nil
}

// unrendered refuses stores that the chart of an application does not accept, and charts without the stores that they
// require: Argo CD could not render them.
func (e *Environment) unrendered(folder string) (config.Problems, error) {
	var problems config.Problems

	for _, name := range slices.Sorted(maps.Keys(e.Settings.Apps)) {
		known, found, err := readChart(folder, name)
		if err != nil {
			return nil, err
		}

		if found {
			path := config.Member("platform:apps", name) + ".needs"
			problems = problems.With(known.problems(e.Name, path, e.Settings.Apps[name].Needs)...)
		}
	}

	return problems, nil
}

func (c chart) problems(stack, path string, needs []settings.Need) config.Problems {
	var problems config.Problems

	expected := fmt.Sprintf("the stores of the chart's values.schema.json (accepted: %v, required: %v)", c.accepted,
		c.required)
	missing := slices.DeleteFunc(slices.Clone(c.required), func(need settings.Need) bool {
		return slices.Contains(needs, need)
	})

	for i, need := range needs {
		if !slices.Contains(settings.Needs(), need) || slices.Contains(c.accepted, need) {
			continue // an unknown store is a problem of its own
		}

		element := config.Element(path, i)
		fix := config.RemoveCommand(stack, element)

		if len(missing) > 0 {
			fix = config.SetCommand(stack, element, string(missing[0]))
			missing = missing[1:]
		}

		problems = append(problems, config.Problem{
			Path: element, Got: fmt.Sprintf("%q", need), Expected: expected, Fix: fix,
		})
	}

	if len(missing) > 0 {
		problems = append(problems, config.Problem{
			Path: path, Got: fmt.Sprintf("%q", needs), Expected: expected,
			Fix: config.SetCommand(stack, config.Element(path, len(needs)), string(missing[0])),
		})
	}

	return problems
}
