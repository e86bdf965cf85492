// Command generate writes the catalogues from the SDKs: `go generate ./...` in the rehearsal's folder. Its argument is
// the folder to write to, by default the current one.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/msur/platform/rehearsal/simulation/catalogue/sdk"
)

func main() {
	folder := "."
	if len(os.Args) > 1 {
		folder = os.Args[1]
	}

	if err := sdk.Generate(context.Background(), folder); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
