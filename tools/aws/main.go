// Command aws writes tools/aws/apis.json: the part of AWS's API models that the AWS CLI commands in documents, scripts
// and workflows use. Then it checks each of these commands against it, as the tests do. It runs in the root of the
// repository.
//
// The models are those of AWS SDK for Go v1, in the format from which the CLI itself derives its commands;
// tools/pins/awsmodels pins the version. AWS has ended that SDK, so it lacks APIs newer than 2025-07-31: add these to
// custom.go, with their source.
package main

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// target is the file that is written.
const target = "tools/aws/apis.json"

//go:embed apis.json
var extract []byte

func main() {
	if err := run(context.Background(), "."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string) error {
	parts, err := repositoryParts(ctx, root)
	if err != nil {
		return err
	}

	text, err := generate(ctx, root, parts)
	if err != nil {
		return fmt.Errorf("writing %s: %w", target, err)
	}

	if err := os.WriteFile(filepath.Join(root, target), text, 0o600); err != nil {
		return fmt.Errorf("writing %s: %w", target, err)
	}

	known, err := readAPIs(text)
	if err != nil {
		return err
	}

	return errors.Join(known.checkAll(parts)...)
}

// generate returns the models of the operations that the commands use.
func generate(ctx context.Context, root string, parts []part) ([]byte, error) {
	from, err := findModels(ctx, root)
	if err != nil {
		return nil, err
	}

	used := apis{Source: from.module, Operations: map[string]operation{}, Waiters: map[string]string{}}

	var problems []error

	for _, p := range parts {
		for _, c := range p.commands() {
			problems = append(problems, from.add(&used, c))
		}
	}

	if err := errors.Join(problems...); err != nil {
		return nil, err
	}

	var text bytes.Buffer

	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", " ")

	if err := encoder.Encode(used); err != nil {
		return nil, fmt.Errorf("encoding the models: %w", err)
	}

	return text.Bytes(), nil
}
