// Command reservations serves reservations; without arguments it lists what else it can do.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/msur/platform/apps/chassis/logs"

	"github.com/msur/platform/apps/reservations/service/cli"
)

func main() { os.Exit(run()) }

func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	// A second signal ends the process at once.
	context.AfterFunc(ctx, stop)

	return cli.Program().Run(ctx, os.Args[1:], os.Environ(), logs.New(os.Stdout), os.Stderr)
}
