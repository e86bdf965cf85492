// Pulumi-language-go is the plugin that the engine starts to run a program in Go. It prints the port that it listens
// on, and runs until the engine ends.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"github.com/msur/platform/rehearsal/language"
)

func main() {
	if err := run(context.Background(), os.Args); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves the language host. The last argument is the engine's address.
func run(ctx context.Context, args []string) error {
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening on the loopback address: %w", err)
	}

	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding the folder of this program: %w", err)
	}

	ctx, stop := context.WithCancel(ctx)
	defer stop()

	server := grpc.NewServer()
	pulumirpc.RegisterLanguageRuntimeServer(server, &language.Host{
		Lifetime: ctx,
		Engine:   args[len(args)-1],
		Programs: filepath.Join(filepath.Dir(self), language.ProgramsFolder),
		Built:    os.Getenv(language.BuiltVariable),
		Stdout:   os.Stdout,
		Stderr:   os.Stderr,
	})

	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return fmt.Errorf("finding the port listened on: %w", err)
	}

	fmt.Fprintln(os.Stdout, port)

	// The engine has the other end of stdin, which closes even if the engine is killed.
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)

		stop()
		server.Stop()
	}()

	if err := server.Serve(listener); err != nil {
		return fmt.Errorf("serving the engine: %w", err)
	}

	return nil
}
