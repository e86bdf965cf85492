// Command dev runs every service behind one address of this machine: dev <apps> <build>.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/msur/platform/apps/dev/chart"
	"github.com/msur/platform/apps/dev/process"
	"github.com/msur/platform/apps/dev/stores"
)

const (
	headerTimeout = 5 * time.Second
	// loopback is the address of everything: no other machine reaches it.
	loopback = "127.0.0.1"
	// port is the port of the front, unless PORT is set.
	port = "9080"
)

func main() {
	if len(os.Args) > 2 && os.Args[1] == process.Leash {
		os.Exit(process.Hold(os.Stdin, os.Args[2:]))
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()

	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		stop()
		os.Exit(1) //nolint:gocritic // stop has been called
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) != 2 {
		return errors.New("usage: dev <folder of the services> <folder for their executables>")
	}

	services, err := chart.Services(args[0])
	if err != nil {
		return err
	}

	listener, err := listen(ctx, os.Getenv("PORT"))
	if err != nil {
		return err
	}
	defer listener.Close()

	opened, err := stores.Open(os.Environ())
	if err != nil {
		return err
	}

	built, err := filepath.Abs(args[1])
	if err != nil {
		return fmt.Errorf("finding %s: %w", args[1], err)
	}

	laptop, err := newLaptop(services, opened, "http://"+listener.Addr().String(), built)
	if err != nil {
		return err
	}

	return laptop.serve(ctx, listener)
}

// listen listens on this machine alone.
func listen(ctx context.Context, requested string) (net.Listener, error) {
	if requested == "" {
		requested = port
	}

	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(loopback, requested))
	if err != nil {
		return nil, fmt.Errorf("PORT is %q, expected a free port, as in PORT=9081 make dev: %w", requested, err)
	}

	return listener, nil
}

// serve runs everything until the context ends.
func (l *laptop) serve(ctx context.Context, listener net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	server := &http.Server{Handler: l.front, ReadHeaderTimeout: headerTimeout}
	group, ctx := errgroup.WithContext(ctx)

	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving at %s: %w", listener.Addr(), err)
		}

		return nil
	})
	group.Go(func() error {
		<-ctx.Done()

		return server.Close()
	})

	for i := range l.services {
		group.Go(func() error { return l.services[i].loop(ctx) })
	}

	go func() {
		l.waiting.Wait()
		fmt.Fprintln(os.Stdout, l.welcome)
	}()

	return group.Wait()
}
