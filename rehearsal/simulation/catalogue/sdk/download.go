package sdk

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
)

// download returns the folder of a module in the module cache, and downloads the module if it is not there. It runs
// outside any module, so that it changes no go.mod.
func download(ctx context.Context, module Module) (string, error) {
	name := module.Path + "@" + module.Version
	command := exec.CommandContext(ctx, "go", "mod", "download", "-json", name)
	command.Dir = os.TempDir()

	command.Env = append(os.Environ(), "GOWORK=off")

	printed, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("downloading the SDK %s: %w: %s", name, err, printed)
	}

	var downloaded struct {
		Dir string `json:"dir"` // in any case: go writes it with a capital
	}

	if err := json.Unmarshal(printed, &downloaded); err != nil {
		return "", fmt.Errorf("decoding the output of `go mod download` for %s: %w", name, err)
	}

	return downloaded.Dir, nil
}
