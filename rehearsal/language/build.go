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

// ProgramsFolder is the folder, next to the host's own binary, that keeps built programs.
const ProgramsFolder = "programs"

// BuiltVariable names a binary that is up to date: whoever starts the engine has just built it, and the host need
// not ask Go again, twice for each `up`.
const BuiltVariable = "REHEARSAL_BUILT"

// Build builds the program in folder and returns the path of its binary, which is below programs. Go decides
// what is stale: nothing is built twice. What the compiler says goes to output.
func Build(ctx context.Context, folder, programs string, output io.Writer) (string, error) {
	binary := binaryOf(folder, programs)

	build := exec.CommandContext(ctx, "go", "build", "-o", binary, ".")
	build.Dir = folder
	build.Stdout, build.Stderr = output, output

	if err := build.Run(); err != nil {
		return "", fmt.Errorf("building the program in %s: %w", folder, err)
	}

	return binary, nil
}

// binaryOf is where the binary of the program in folder is.
func binaryOf(folder, programs string) string {
	const short = 6

	name := sha256.Sum256([]byte(folder))

	return filepath.Join(programs, filepath.Base(folder)+"-"+hex.EncodeToString(name[:short]))
}
