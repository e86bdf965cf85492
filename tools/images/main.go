// Command images builds the services' images, for every platform, and pushes them where a registry is named. It needs
// no Docker daemon, and runs in the root of the repository.
//
// An image is a function of the service's sources, of go.sum and of this module, and of nothing else: not of the
// machine, its settings, the folder, the time or the commit. Its digest therefore tells whether a service has changed.
//
// Each service is a line of the standard output, separated by single spaces: its name, the reference of its image by
// digest (without a registry the digest alone), what became of it, and how much each platform pulls.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	"github.com/google/go-containerregistry/pkg/name"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)

	here := program{
		root: ".", toolchain: runtime.Version(), environ: os.Environ(), stdout: os.Stdout, stderr: os.Stderr,
	}
	err := here.run(ctx, os.Args[1:])

	stop()

	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "images:", err)
		os.Exit(1)
	}
}

// program is what a run has to do with.
type program struct {
	// root is that of the repository.
	root string
	// toolchain is the version of Go that it was built with.
	toolchain string
	environ   []string
	// stdout gets the lines that the services have, stderr whatever else is told.
	stdout, stderr io.Writer
}

// run builds the images of the repository, and pushes them to -registry.
func (p program) run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("images", flag.ContinueOnError)
	flags.SetOutput(p.stderr)

	registry := flags.String("registry", "", "the `host[:port][/path]` to push to; without it nothing is pushed")

	err := flags.Parse(args)
	if err != nil {
		return fmt.Errorf("reading the arguments: %w", err)
	}

	services, found := findServices(p.root)
	repositories, named := repositoriesOf(*registry, services)

	err = errors.Join(checkToolchain(p.toolchain), noMore(flags.Args()), found, named)
	if err == nil {
		// Before minutes of compiling, not after them.
		err = mayPush(repositories)
	}

	for i := 0; i < len(services) && err == nil; i++ {
		err = p.release(ctx, services[i], repositories)
	}

	return err
}

// noMore refuses arguments that nothing reads.
func noMore(args []string) error {
	if len(args) == 0 {
		return nil
	}

	return fmt.Errorf("arguments: got %q, want none: every service is built", args)
}

// release builds one service, pushes it where it has a repository, and writes its line.
func (p program) release(ctx context.Context, s service, repositories map[string]name.Repository) error {
	made, err := build(ctx, s, p.environ, p.stderr)
	if err != nil {
		return err
	}

	reference, became := made.digest.String(), "built"

	if repository, pushes := repositories[s.name]; pushes {
		reference = repository.Digest(reference).String()

		became, err = push(ctx, repository, made)
		if err != nil {
			return err
		}
	}

	_, err = fmt.Fprintf(p.stdout, "%s %s %s %s\n", s.name, reference, became, made.sizes)
	if err != nil {
		return fmt.Errorf("telling the digest of %s: %w", s.name, err)
	}

	return nil
}
