// Command flights serves flights and their seat maps. Without arguments it lists its commands.
package main

import (
	"os"

	"github.com/msur/platform/apps/flights/service/cli"
)

func main() { os.Exit(cli.Program().Main()) }
