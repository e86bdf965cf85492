// The account's program: it deploys what an AWS account needs before its first environment. An operator runs it once.
package main

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/infra/bootstrap/account"
	"github.com/msur/platform/infra/bootstrap/settings"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/internal/program"
)

func main() { program.Run(run) }

func run(ctx *pulumi.Context) error {
	values, err := config.FromEngine()
	if err != nil {
		return err
	}

	// The engine runs the program in its folder, infra/bootstrap.
	environments, err := config.Stacks("../..")
	if err != nil {
		return fmt.Errorf("looking for the environments: %w", err)
	}

	loaded, problems := settings.Load(ctx.Stack(), values, environments)
	if len(problems) > 0 {
		return fmt.Errorf("the settings of %s are invalid, and nothing was changed:\n%w", ctx.Stack(), problems)
	}

	return account.Deploy(ctx, loaded)
}
