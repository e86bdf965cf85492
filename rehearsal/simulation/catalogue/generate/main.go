// Command generate writes the catalogues from the SDKs: `go generate ./...` in
// the rehearsal's folder. It takes the folder to write to, by default the current one.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/msur/platform/rehearsal/simulation/catalogue/sdk"
)

func main() {
	folder := "."
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}

	if err := run(context.Background(), folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, folder string) error {
	for _, module := range sdk.Modules() {
		root, err := sdk.Download(ctx, module)
		if err != nil {
			return err
		}

		read, err := sdk.Read(module, root)
		if err != nil {
			return err
		}

		text, err := read.Encode()
		if err != nil {
			return err
		}

		file := filepath.Join(folder, module.Name+".json")
		if err := os.WriteFile(file, text, 0o644); err != nil {
			return fmt.Errorf("writing the catalogue %s: %w", file, err)
		}
	}

	return nil
}
