// Command reservations serves reservations. Without arguments it lists its commands.
package main

import (
	"os"

	"github.com/msur/platform/apps/reservations/service/cli"
)

func main() { os.Exit(cli.Program().Main()) }
