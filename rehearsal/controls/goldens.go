package controls

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/state"
)

// ReadGoldens reads the golden graph of each environment that has a stack file in the repository.
func ReadGoldens(repository fs.FS, now time.Time) (map[string]Environment, error) {
	files, err := fs.Glob(repository, "Pulumi.*.yaml")
	if err == nil && len(files) == 0 {
		err = errors.New("the repository has none; expected Pulumi.<environment>.yaml")
	}

	if err != nil {
		return nil, fmt.Errorf("listing the stack files: %w", err)
	}

	environments := make(map[string]Environment)

	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "Pulumi."), ".yaml")

		golden, err := ReadGolden(repository, "stacks/testdata/"+name+".json", now)
		if err != nil {
			return nil, err
		}

		if golden.State.Outputs()["policy"] == nil {
			return nil, fmt.Errorf("the golden graph of %s has no policy; run: make golden", name)
		}

		environments[name] = golden
	}

	return environments, nil
}

// StackFile returns the path of the file of a stack in the repository.
func StackFile(repository fs.FS, stack string) string {
	name := "Pulumi." + stack + ".yaml"

	const bootstrap = "infra/bootstrap/"
	if repository != nil {
		if _, err := fs.Stat(repository, bootstrap+name); err == nil {
			return bootstrap + name
		}
	}

	return name
}

// ReadGolden reads the golden graph in a file.
func ReadGolden(repository fs.FS, file string, now time.Time) (Environment, error) {
	text, err := fs.ReadFile(repository, file)
	if err != nil {
		return Environment{}, fmt.Errorf("reading a golden graph: %w", err)
	}

	golden, err := state.Parse(text)
	if err != nil {
		return Environment{}, fmt.Errorf("decoding the golden graph %s: %w", file, err)
	}

	Refer(golden)

	return NewEnvironment(golden, repository, now), nil
}

// Refer adds the references between the resources of a golden graph, which does not record them. An id in it names its
// resource, and ends the resource's ARN.
func Refer(golden *state.State) {
	byID := make(map[string]resource.URN)
	for _, r := range golden.Resources {
		byID[string(r.ID)] = r.URN
	}

	for i, r := range golden.Resources {
		references := make(map[resource.PropertyKey][]resource.URN)

		for name, value := range r.Inputs {
			key := resource.PropertyKey(name)

			for _, word := range words(value) {
				if urn, ok := byID[word[strings.LastIndex(word, ":")+1:]]; ok && word != "" {
					references[key] = append(references[key], urn)
				}
			}
		}

		golden.Resources[i].PropertyDependencies = references
	}
}

// words returns the strings in a value.
func words(value any) []string {
	var all []string

	switch value := value.(type) {
	case string:
		all = append(all, value)
	case []any:
		for _, element := range value {
			all = append(all, words(element)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			all = append(all, words(value[name])...)
		}
	}

	return all
}
