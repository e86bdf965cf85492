// The program: it reads the stack's configuration, deploys the environment and exports its outputs.
package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/program"
	"github.com/msur/platform/stacks"
)

func main() { program.Run(run) }

func run(ctx *pulumi.Context) error {
	values, err := config.FromEngine()
	if err != nil {
		return err
	}

	environment, err := stacks.Load(ctx.Stack(), values, ctx.RootDirectory(), time.Now())
	if err != nil {
		return fmt.Errorf("the settings of %s are invalid, and nothing was changed:\n%w", ctx.Stack(), err)
	}

	outputs, err := stacks.Deploy(ctx, environment)
	if _, refused := errors.AsType[config.Problems](err); refused {
		return fmt.Errorf("the account does not accept the settings of %s, and nothing was changed:\n%w", ctx.Stack(), err)
	} else if err != nil {
		return fmt.Errorf("deploying %s:\n%w", ctx.Stack(), err)
	}

	outputs.Export(ctx)

	return nil
}
