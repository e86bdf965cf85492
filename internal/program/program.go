// Package program runs a Pulumi program.
package program

import (
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/common/constant"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Run runs a program as pulumi.Run does, and exits if it fails. pulumi.Run would frame the error in "an unhandled error
// occurred" and "1 error occurred"; Run reports only the error itself, so that the engine prints each problem once.
func Run(body pulumi.RunFunc) {
	reported := false

	err := pulumi.RunErr(func(ctx *pulumi.Context) error {
		err := body(ctx)
		if err != nil {
			reported = ctx.Log.Error(err.Error(), nil) == nil
		}

		return err
	})
	if err == nil {
		return
	}

	// Report errors from outside the body, such as a lost connection to the engine.
	if !reported {
		fmt.Fprintln(os.Stderr, err)
	}

	os.Exit(constant.ExitStatusLoggedError)
}
