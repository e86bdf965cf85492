// Draw writes docs/platform.svg, the picture of the sandbox, from its golden graph. It runs in the folder of package
// page.
package main

import (
	"fmt"
	"os"
	"time"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/page"
)

const repository = "../../.."

func main() {
	if err := draw(); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func draw() error {
	sandbox, err := controls.ReadGolden(os.DirFS(repository), "stacks/testdata/sandbox.json", time.Now())
	if err != nil {
		return err
	}

	picture, err := page.SVG(report.New(report.Run{
		Stack: "sandbox", Operation: "up", Before: sandbox.State, After: sandbox.State,
	}))
	if err != nil {
		return err
	}

	if err := os.WriteFile(repository+"/docs/platform.svg", picture, 0o600); err != nil {
		return fmt.Errorf("writing the picture: %w", err)
	}

	return nil
}
