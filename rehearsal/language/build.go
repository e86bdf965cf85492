package language

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
)

// ProgramsFolder is the folder for built programs, next to the host's own binary.
const ProgramsFolder = "programs"

// BuiltVariable names the environment variable with the path of an up-to-date binary. The process that starts the
// engine has just built it, and saves the host two builds for each `up`.
const BuiltVariable = "REHEARSAL_BUILT"

// Build builds the program in folder and returns the path of its binary, which is in the folder programs. Go's cache
// avoids needless work. The compiler writes to output.
func Build(ctx context.Context, folder, programs string, output io.Writer) (string, error) {
	hash := sha256.Sum256([]byte(folder))
	binary := filepath.Join(programs, filepath.Base(folder)+"-"+hex.EncodeToString(hash[:6]))

	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	build.Dir = folder
	build.Stdout, build.Stderr = output, output

	if err := build.Run(); err != nil {
		return "", fmt.Errorf("building the program in %s: %w", folder, err)
	}

	return binary, nil
}
