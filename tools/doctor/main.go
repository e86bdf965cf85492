// Command doctor inspects a real account with the AWS CLI, and prints what an environment needs before its first `up`
// and does not have, each with the command that fixes it. It only reads. Run it in the root of the repository, with the
// name of a stack.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

var (
	errUsage   = errors.New("expected the name of a stack: make doctor STACK=sandbox")
	errMissing = errors.New("the account is not ready")
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, ".", os.Args[1:], commands(os.Environ()), os.Stdout)

	stop()

	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string, args []string, run runner, out io.Writer) error {
	if len(args) != 1 || args[0] == "" {
		return errUsage
	}

	stack := args[0]

	values, err := config.ReadFile(config.File(root, stack))
	if err != nil {
		return err
	}

	neighbours, err := settings.ReadNeighbours(root, stack)
	if err != nil {
		return err
	}

	configured, problems := settings.Load(stack, values, neighbours)
	if len(problems) > 0 {
		return problems
	}

	d := &doctor{root: root, stack: stack, settings: configured, run: run}

	fmt.Fprintf(out, "What %s needs of the account in %s. Nothing is changed.\n\n", stack, configured.Region)

	return report(out, d.inspect(ctx))
}

// report prints each finding as soon as it is known, and returns an error if something is missing.
func report(out io.Writer, findings <-chan finding) error {
	count := make(map[status]int)

	for found := range findings {
		count[found.status]++

		fmt.Fprintf(out, "%-9s %s: %s\n", found.status, found.subject, found.text)

		if found.fix != "" {
			fmt.Fprintf(out, "%9s run: %s\n", "", found.fix)
		}
	}

	fmt.Fprintf(out, "\n%d ready, %d missing, %d not checked.\n", count[ready], count[missing], count[unchecked])

	if count[ready] == 0 {
		fmt.Fprintln(out, "Nothing of the account was checked: that needs the tools and credentials above.")
	}

	if count[missing] > 0 {
		return errMissing
	}

	return nil
}
