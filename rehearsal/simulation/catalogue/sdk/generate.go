package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// Generate writes the catalogue of each module to a file in an existing folder, such as aws.json.
func Generate(ctx context.Context, folder string) error {
	for _, module := range Modules() {
		root, err := Download(ctx, module)
		if err != nil {
			return err
		}

		read, err := Read(module, root)
		if err != nil {
			return err
		}

		text, err := read.Encode()
		if err != nil {
			return fmt.Errorf("writing the catalogue of %s: %w", module.Name, err)
		}

		if err := os.WriteFile(filepath.Join(folder, module.Name+".json"), text, 0o600); err != nil {
			return fmt.Errorf("writing the catalogue of %s: %w", module.Name, err)
		}
	}

	return nil
}

// Download returns the folder of a module in the module cache, and downloads the module if it is not there. It runs
// outside any module, so that it changes no go.mod.
func Download(ctx context.Context, module Module) (string, error) {
	command := exec.CommandContext(ctx, "go", "mod", "download", "-json", module.Path+"@"+module.Version)
	command.Dir = os.TempDir()
	command.Env = slices.Concat(os.Environ(), []string{"GOWORK=off"})

	printed, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("running %s: %w: %s", command, err, printed)
	}

	var downloaded struct {
		Dir string `json:"dir"` // in any case: go writes it with a capital
	}
	if err := json.Unmarshal(printed, &downloaded); err != nil {
		return "", fmt.Errorf("decoding the output of %s: %w", command, err)
	}

	return downloaded.Dir, nil
}
