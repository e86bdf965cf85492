package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/policy"
)

// pulumi is the step that runs a Pulumi command.
const pulumi = `      - uses: pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d # v7.0.0
        with:
          command: up
          stack-name: sandbox
`

// check is the step that checks the plan.
const check = `      - run: tools/ci/check-plan.sh
        env:
          STACK: sandbox
`

// install is the step that installs the CLI for the check.
const install = `      - uses: pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d # v7.0.0
`

func TestAnUpNeedsACheckOfItsPlan(t *testing.T) {
	t.Parallel()

	const before, beside = "tools/ci/check-plan.sh before it", "tools/ci/check-plan.sh in its job"

	preview := strings.Replace(pulumi, "command: up", "command: preview", 1)

	for name, given := range map[string]struct{ steps, want string }{
		"checked":                {install + check + pulumi, ""},
		"not checked":            {install + pulumi, before},
		"checked afterwards":     {pulumi + check, before},
		"another stack checked":  {strings.Replace(check, "sandbox", "staging", 1) + pulumi, before},
		"no stack checked":       {"      - run: tools/ci/check-plan.sh\n" + pulumi, before},
		"sometimes checked":      {strings.Replace(check, "run:", "if: vars.A\n        run:", 1) + pulumi, before},
		"check may fail":         {check + "        continue-on-error: true\n" + pulumi, before},
		"second not checked":     {check + pulumi + strings.Replace(pulumi, "sandbox", "staging", 1), before},
		"preview":                {preview + check, ""},
		"preview not checked":    {preview, beside},
		"preview of other stack": {strings.Replace(preview, "sandbox", "staging", 1) + check, beside},
		"another pulumi command": {strings.Replace(pulumi, "command: up", "command: destroy", 1), "expected preview or up"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			err := policy.Check([]byte(good + given.steps))
			if given.want == "" {
				require.NoError(t, err)

				return
			}

			assert.ErrorContains(t, err, given.want)
		})
	}
}
