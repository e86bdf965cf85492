// Command service makes a new service out of the nearest that there is, in the root of the repository:
//
//	go run ./tools/service -name baggage -needs mysql
//
// It copies apps/flights, or apps/reservations, under the new name, and has both environments deploy it. What the copy
// then does is for its author to change; from the first moment on it compiles, and its tests pass.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

func main() {
	if err := run(".", os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("service", flag.ContinueOnError)
	name := flags.String("name", "", "what it is called, such as baggage")
	needs := flags.String("needs", "", "the store that it uses: "+words())

	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("reading the arguments: %w", err)
	}

	s := service{root: root, name: *name, needs: *needs, kind: kinds()[*needs]}
	if err := s.check(); err != nil {
		return err
	}

	if err := s.make(); err != nil {
		return errors.Join(err, os.RemoveAll(s.folder()))
	}

	if err := s.deploy(); err != nil {
		return errors.Join(err, os.RemoveAll(s.folder()))
	}

	fmt.Fprintf(out, `apps/%[1]s is made out of apps/%[2]s, and every environment deploys it at /%[1]s.

  make dev       runs it beside the others
  make test      tests it
  make digests   builds its image, and has STACK deploy that

Change apps/%[1]s/api/openapi.yaml first, and then, with make generate, what answers.
`, s.name, s.kind.model)

	return nil
}

// make makes the folder of the service.
func (s service) make() error {
	if err := s.copy(filepath.Join(s.root, "apps", s.kind.model), s.kind.leftOut); err != nil {
		return err
	}

	steps := [][]string{{"generate", "./..."}, {"vet", "./..."}}

	if s.kind.overlay != "" {
		if err := s.copy(filepath.Join(s.root, "tools", "service", s.kind.overlay), nil); err != nil {
			return err
		}

		// The store's modules go.
		steps = append([][]string{{"mod", "tidy"}}, steps...)
	}

	for _, args := range steps {
		command := exec.Command("go", args...) //nolint:noctx // of this file
		command.Dir = filepath.Join(s.folder(), "service")

		if text, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("go %s in %s: %w\n%s", args[0], command.Dir, err, text)
		}
	}

	return nil
}
