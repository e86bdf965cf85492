// The account's program: what an AWS account needs before its first environment. A person applies it once.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/infra/bootstrap/account"
	"github.com/msur/platform/infra/bootstrap/settings"
	platform "github.com/msur/platform/stacks/settings"
)

func main() { pulumi.Run(run) }

func run(ctx *pulumi.Context) error {
	var config platform.Config

	// The whole configuration, and not one key after another: a key that nothing reads must be found.
	if err := json.Unmarshal([]byte(os.Getenv(pulumi.EnvConfig)), &config); err != nil {
		return fmt.Errorf("reading the stack's configuration from %s: %w", pulumi.EnvConfig, err)
	}

	tuned, problems := settings.Load(ctx.Stack(), config)
	if len(problems) > 0 {
		return fmt.Errorf("the settings of %s cannot be deployed, and nothing was touched:\n%w", ctx.Stack(), problems)
	}

	return account.Deploy(ctx, tuned)
}
