package sdk

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
)

// Generate writes the catalogue of each module to a file in an existing folder, such as aws.json.
func Generate(ctx context.Context, folder string) error {
	for _, module := range Modules() {
		text, err := generate(ctx, module)
		if err != nil {
			return fmt.Errorf("generating the catalogue %s: %w", module.Name, err)
		}

		file := filepath.Join(folder, module.Name+".json")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return fmt.Errorf("writing the catalogue %s: %w", file, err)
		}
	}

	return nil
}

func generate(ctx context.Context, module Module) ([]byte, error) {
	root, err := download(ctx, module)
	if err != nil {
		return nil, err
	}

	read, err := Read(module, root)
	if err != nil {
		return nil, err
	}

	text, err := read.Encode()
	if err != nil {
		return nil, fmt.Errorf("encoding the catalogue of %s: %w", root, err)
	}

	return text, nil
}
