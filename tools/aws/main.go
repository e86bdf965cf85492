// Command aws writes tools/aws/apis.json: the part of AWS's API models that the AWS CLI commands in documents, scripts
// and workflows use. Then it checks each of these commands against that part, as the tests do. Run it in the root of
// the repository.
//
// The models are those of AWS SDK for Go v1, in the format from which the CLI itself derives its commands;
// tools/pins/awsmodels pins the version. AWS has ended that SDK, so it lacks APIs newer than 2025-07-31: add these to
// custom.go, with their source.
package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
)

// target is the file that the command writes.
const target = "tools/aws/apis.json"

//go:embed apis.json
var extract []byte

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	parts, err := repositoryParts(ctx, ".")
	if err != nil {
		return err
	}

	used, err := usedAPIs(ctx, ".", parts)
	if err != nil {
		return fmt.Errorf("generating %s: %w", target, err)
	}

	encoded, err := used.encode()
	if err != nil {
		return err
	}

	if err := os.WriteFile(target, encoded, 0o600); err != nil {
		return err
	}

	return errors.Join(used.checkAll(parts)...)
}

// usedAPIs returns the models of the operations that commands use.
func usedAPIs(ctx context.Context, root string, parts []part) (apis, error) {
	all, err := findModels(ctx, root)
	if err != nil {
		return apis{}, err
	}

	used := apis{Source: all.module, Operations: map[string]operation{}, Waiters: map[string]string{}}

	var problems []error

	for _, p := range parts {
		for _, c := range p.commands() {
			problems = append(problems, all.add(&used, c))
		}
	}

	return used, errors.Join(problems...)
}

// encode returns the content of the target file.
func (a apis) encode() ([]byte, error) {
	text, err := json.MarshalIndent(a, "", " ")

	return append(text, '\n'), err
}
