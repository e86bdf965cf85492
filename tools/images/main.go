// Command images builds the services' images for all platforms, and pushes them to a registry if one is given. It needs
// no Docker daemon. Run it in the root of the repository.
//
// An image depends only on the service's sources, go.sum and this module; not on the machine, its settings, the folder,
// the time or the commit. Its digest therefore shows whether a service has changed.
//
// Standard output has a line for each service, with fields separated by spaces: the name, the image by digest (only the
// digest without a registry), "built", "pushed" or "unchanged", and the compressed size for each platform.
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
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

// program holds the surroundings of a run.
type program struct {
	// root is the root of the repository.
	root string
	// toolchain is the version of Go that this program was built with.
	toolchain string
	environ   []string
	// stdout gets the lines of the services, stderr everything else.
	stdout, stderr io.Writer
}

// run builds the images of the repository and pushes them to -registry.
func (p program) run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("images", flag.ContinueOnError)
	flags.SetOutput(p.stderr)

	registry := flags.String("registry", "", "the `host[:port][/path]` to push to; empty means not to push")

	err := flags.Parse(args)
	if err != nil {
		return fmt.Errorf("reading the arguments: %w", err)
	}

	services, found := findServices(p.root)
	repositories, named := repositoriesOf(*registry, services)

	var unexpected error
	if flags.NArg() > 0 {
		unexpected = fmt.Errorf("unexpected arguments %q: the command always builds every service", flags.Args())
	}

	err = errors.Join(checkToolchain(p.toolchain), unexpected, found, named)
	if err == nil {
		// Check the permission before minutes of compiling, not afterwards.
		err = mayPush(repositories)
	}

	for i := 0; i < len(services) && err == nil; i++ {
		err = p.release(ctx, services[i], repositories)
	}

	return err
}

// release builds a service, pushes it if it has a repository, and prints its line.
func (p program) release(ctx context.Context, s service, repositories map[string]name.Repository) error {
	made, err := build(ctx, s, p.environ, p.stderr)
	if err != nil {
		return err
	}

	reference, result := made.digest.String(), "built"

	if repository, pushes := repositories[s.name]; pushes {
		reference = repository.Digest(reference).String()

		result, err = push(ctx, repository, made)
		if err != nil {
			return err
		}
	}

	_, err = fmt.Fprintf(p.stdout, "%s %s %s %s\n", s.name, reference, result, made.sizes)
	if err != nil {
		return fmt.Errorf("printing the digest of %s: %w", s.name, err)
	}

	return nil
}
