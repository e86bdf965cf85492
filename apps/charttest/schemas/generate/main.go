// Command generate writes the schema of each Kubernetes minor in support.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/msur/platform/apps/charttest/schemas"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	for _, version := range schemas.Versions() {
		openAPI, err := schemas.Download(ctx, version)
		if err != nil {
			return err
		}

		schema, err := schemas.From(openAPI)
		if err != nil {
			return fmt.Errorf("making the schema of %s: %w", version, err)
		}

		if err := os.WriteFile(version+".json", schema, 0o600); err != nil {
			return fmt.Errorf("writing the schema of %s: %w", version, err)
		}
	}

	return nil
}
