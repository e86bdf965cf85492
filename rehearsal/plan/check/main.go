// Check fails if the plan in FILE, the output of `pulumi preview --json`, loses data. Workflows run it too: it is
// separate from the rehearsal because that takes minutes to build.
package main

import (
	"fmt"
	"os"

	"github.com/msur/platform/rehearsal/plan"
)

func main() {
	if err := plan.CheckFile(os.Getenv("FILE")); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}
