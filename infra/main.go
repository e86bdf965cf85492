// The program: it reads the stack's configuration, deploys its environment and exports the outputs.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/stacks"
	"github.com/msur/platform/stacks/settings"
)

func main() { pulumi.Run(run) }

func run(ctx *pulumi.Context) error {
	var config settings.Config

	// The whole configuration, and not one key after another: a key that nothing reads must be found.
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &config); err != nil {
		return fmt.Errorf("reading the stack's configuration from %s: %w", pulumi.EnvConfig, err)
	}

	environment, err := stacks.Load(ctx.Stack(), config, ctx.RootDirectory(), time.Now())
	if err != nil {
		return fmt.Errorf("the settings of %s cannot be deployed, and nothing was touched:\n%w", ctx.Stack(), err)
	}

	outputs, err := stacks.Deploy(ctx, environment)
	if err != nil {
		return fmt.Errorf("deploying %s:\n%w", ctx.Stack(), err)
	}

	outputs.Export(ctx)

	return nil
}
