// Command environment creates an environment from an existing one. Run it in the root of the repository:
//
//	go run ./tools/environment -name production -like staging
//
// It copies the stack file and the values of each service's release, and changes what two environments cannot share:
// the name, the address range, and the branch that a release moves.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/msur/platform/tools/internal/files"
)

func main() {
	if err := run(".", os.Args[1:], os.Stdout); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root string, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("environment", flag.ContinueOnError)
	name := flags.String("name", "", "the name of the environment, such as production")
	like := flags.String("like", "", "the environment to copy, such as staging")

	if err := flags.Parse(args); err != nil {
		return fmt.Errorf("reading the arguments: %w", err)
	}

	e := environment{root: root, name: *name, like: *like}
	if err := e.check(); err != nil {
		return err
	}

	created, err := e.files()
	if err != nil {
		return err
	}

	if err := files.Write(created); err != nil {
		return err
	}

	fmt.Fprintf(out, `Created Pulumi.%[1]s.yaml and apps/*/environments/%[1]s.yaml from those of %[2]s.

  make up STACK=%[1]s       deploys it in the rehearsal
  make destroy STACK=%[1]s CONFIRM=%[1]s

Read Pulumi.%[1]s.yaml, and change what differs: sizes, zones, principals, the host and its certificate.
`, e.name, e.like)

	return nil
}
