// Check fails where a plan would lose what holds data: FILE names what `pulumi preview --json` prints. It is apart from
// the rehearsal, for workflows ask it too, and that takes minutes to build.
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
