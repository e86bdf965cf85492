package controls

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

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

		for other, environment := range environments {
			environment.Others = append(environment.Others, golden.State)
			golden.Others = append(golden.Others, environment.State)
			environments[other] = environment
		}

		environments[name] = golden
	}

	return environments, nil
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

	return NewEnvironment(golden, now), nil
}
