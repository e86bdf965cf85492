// Package quotas computes what the environments need of AWS's service quotas at most, and the table of these needs in
// infra/bootstrap/README.md.
package quotas

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// File is the file with the table, in the repository.
const File = "infra/bootstrap/README.md"

// marked matches the table and its markers.
var marked = regexp.MustCompile(`(?s)(<!-- quotas -->\n).*?(<!-- end of quotas -->)`)

var (
	errMarkers = errors.New(File + " lacks the markers <!-- quotas --> and <!-- end of quotas -->")
	errStacks  = errors.New("found no stack file: expected Pulumi.<environment>.yaml in the root of the repository")
)

// Document returns infra/bootstrap/README.md, in the root of the repository, with the table of the stack files.
func Document(root string) ([]byte, error) {
	environments, err := read(root)
	if err != nil {
		return nil, err
	}

	text, err := os.ReadFile(filepath.Clean(filepath.Join(root, File)))
	if err != nil {
		return nil, fmt.Errorf("reading the document: %w", err)
	}

	if !marked.Match(text) {
		return nil, errMarkers
	}

	needs, err := needsOf(environments)
	if err != nil {
		return nil, err
	}

	return marked.ReplaceAll(text, []byte("${1}"+render(environments, needs)+"${2}")), nil
}

// environment is a stack with its settings.
type environment struct {
	name     string
	settings settings.Settings
}

// read loads every stack file, sorted by name.
func read(root string) ([]environment, error) {
	stacks, err := config.Stacks(root)
	if err == nil && len(stacks) == 0 {
		err = errStacks
	}

	if err != nil {
		return nil, err
	}

	environments := make([]environment, 0, len(stacks))

	for _, name := range stacks {
		values, err := config.ReadFile(config.File(root, name))
		if err != nil {
			return nil, err
		}

		loaded, problems := settings.Load(name, values, nil)
		if len(problems) > 0 {
			return nil, fmt.Errorf("the settings of %s: %w", name, problems)
		}

		environments = append(environments, environment{name, loaded})
	}

	return environments, nil
}
