package policy_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/policy"
)

// pulumi is the step that runs a command of Pulumi's.
const pulumi = `      - uses: pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d # v7.0.0
        with:
          command: up
          stack-name: sandbox
`

// look is the step that looks at the plan before.
const look = `      - run: tools/ci/check-plan.sh
        env:
          STACK: sandbox
`

// installs is the step that has the CLI there for it.
const installs = `      - uses: pulumi/actions@8e5e406f4007fca908480587cb9893c07090f58d # v7.0.0
`

func TestNothingIsDeployedUnlessItsPlanWasLookedAt(t *testing.T) {
	t.Parallel()

	const before, beside = "want tools/ci/check-plan.sh before it", "want tools/ci/check-plan.sh in the job"

	preview := strings.Replace(pulumi, "command: up", "command: preview", 1)

	for name, given := range map[string]struct{ steps, want string }{
		"looked at":                 {installs + look + pulumi, ""},
		"not looked at":             {installs + pulumi, before},
		"looked at afterwards":      {pulumi + look, before},
		"another one looked at":     {strings.Replace(look, "sandbox", "staging", 1) + pulumi, before},
		"nobody knows which":        {"      - run: tools/ci/check-plan.sh\n" + pulumi, before},
		"looked at now and then":    {strings.Replace(look, "run:", "if: vars.A\n        run:", 1) + pulumi, before},
		"looked at for nothing":     {look + "        continue-on-error: true\n" + pulumi, before},
		"the second not looked at":  {look + pulumi + strings.Replace(pulumi, "sandbox", "staging", 1), before},
		"a preview":                 {preview + look, ""},
		"a preview not looked at":   {preview, beside},
		"a preview of another":      {strings.Replace(preview, "sandbox", "staging", 1) + look, beside},
		"what no plan is asked for": {strings.Replace(pulumi, "command: up", "command: destroy", 1), "want preview or up"},
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
