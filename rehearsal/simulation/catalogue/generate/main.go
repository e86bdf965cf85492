// Command generate writes the catalogues from the SDKs to its working directory: `go generate ./...` in the rehearsal's
// folder.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/msur/platform/rehearsal/simulation/catalogue/sdk"
)

func main() {
	if err := sdk.Generate(context.Background(), "."); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
