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
	"strings"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// checkout is the repository's folder: the engine runs a program in the program's own folder, infra. The rehearsal's
// project folder has no charts.
const checkout = ".."

// unrendered refuses stores that the chart of an application does not accept, and charts without the stores that they
// require: Argo CD could not render them. A chart that is not in the folder may be in another repository.
func (e *Environment) unrendered(folder string) (config.Problems, error) {
	var problems config.Problems

	for _, name := range slices.Sorted(maps.Keys(e.Settings.Apps)) {
		file := filepath.Join(folder, "apps", name, "chart", "values.schema.json")
		needs, path := e.Settings.Apps[name].Needs, config.Member("platform:apps", name)+".needs"

		wrong, required, err := compare(needs, file)

		switch {
		case errors.Is(err, fs.ErrNotExist), err == nil && !wrong:
			continue
		case err != nil:
			return nil, fmt.Errorf("reading the schema of a chart's values, %s: %w", file, err)
		}

		var fixes []string
		if len(needs) > 0 {
			fixes = append(fixes, config.RemoveCommand(e.Name, path))
		}

		for i, need := range required {
			fixes = append(fixes, config.SetCommand(e.Name, config.Element(path, i), string(need)))
		}

		problems = problems.With(config.Problem{
			Path: path, Got: fmt.Sprintf("%q", needs), Fix: strings.Join(fixes, " && "),
			Expected: fmt.Sprintf("the stores in the values.schema.json of its chart, which requires %v", required),
		})
	}

	return problems, nil
}

// compare reports whether a chart accepts other stores than the application needs, and returns the stores that it
// requires. file is the schema of its values.
func compare(needs []settings.Need, file string) (bool, []settings.Need, error) {
	var schema struct {
		Properties struct {
			Platform struct {
				Properties map[settings.Need]any `json:"properties"`
				Required   []settings.Need       `json:"required"`
			} `json:"platform"`
		} `json:"properties"`
	}

	text, err := os.ReadFile(filepath.Clean(file))
	if err == nil {
		err = json.Unmarshal(text, &schema)
	}

	var (
		wrong    bool
		required []settings.Need
		chart    = schema.Properties.Platform
	)

	for _, store := range settings.Needs() {
		_, accepts := chart.Properties[store]

		switch needed := slices.Contains(needs, store); {
		case slices.Contains(chart.Required, store):
			required, wrong = append(required, store), wrong || !needed
		case needed && !accepts:
			wrong = true
		}
	}

	return wrong, required, err
}
