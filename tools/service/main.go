// Command service creates a service from the most similar existing one. Run it in the root of the repository:
//
//	go run ./tools/service -name baggage -needs mysql
//
// It copies apps/flights or apps/reservations under the new name, and both environments deploy the copy. The copy
// compiles, and its tests pass. Its author then changes what it does.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/msur/platform/tools/internal/files"
)

func main() {
	if err := run(".", os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("service", flag.ContinueOnError)
	name := flags.String("name", "", "the name of the service, such as baggage")
	needs := flags.String("needs", "", "the store that it uses: "+stores())

	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("reading the arguments: %w", err)
	}

	s := service{root: root, name: *name, needs: *needs, kind: kinds(*name)[*needs]}

	settings, err := s.settings()
	if err := errors.Join(s.check(), err); err != nil {
		return err
	}

	if err := s.create(); err != nil {
		return errors.Join(err, os.RemoveAll(s.folder()))
	}

	if err := files.Write(settings); err != nil {
		return errors.Join(err, os.RemoveAll(s.folder()))
	}

	fmt.Fprintf(out, `Created apps/%[1]s from apps/%[2]s. Every environment deploys it at /%[1]s.

  make dev       runs it with the other services
  make test      tests it
  make digests   builds its image, and makes STACK deploy it

Change apps/%[1]s/api/openapi.yaml first, run make generate, and then change the code that answers.
`, s.name, s.model)

	return nil
}

// create creates the folder of the service.
func (s service) create() error {
	steps := [][]string{{"generate", "./..."}, {"vet", "./..."}}

	err := s.copy(filepath.Join(s.root, "apps", s.model), s.omitted)
	if err == nil && s.overlay != "" {
		err = s.copy(filepath.Join(s.root, "tools", "service", s.overlay), nil)
		// The modules of the store are not needed.
		steps = append([][]string{{"mod", "tidy"}}, steps...)
	}

	if err != nil {
		return err
	}

	for _, args := range steps {
		command := exec.Command("go", args...) //nolint:noctx // the arguments are constants
		command.Dir = filepath.Join(s.folder(), "service")

		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("go %s in %s: %w\n%s", args[0], command.Dir, err, output)
		}
	}

	return nil
}
