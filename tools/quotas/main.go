// Command quotas writes the table of service quotas in infra/bootstrap/README.md: the highest needs of the environments
// in the stack files. Run it in the root of the repository.
package main

import (
	"fmt"
	"os"

	"github.com/msur/platform/infra/bootstrap/quotas"
)

func main() {
	text, err := quotas.Document(".")
	if err == nil {
		err = os.WriteFile(quotas.File, text, 0o600)
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "writing the quotas:", err)
		os.Exit(1)
	}
}
