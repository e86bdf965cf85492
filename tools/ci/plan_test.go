package main_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is checked is the plan that was just made, also where there is none: the check says why.
func TestPlanFailsWithItsCheckAndWithoutAPreview(t *testing.T) {
	t.Parallel()

	for name, given := range map[string]struct {
		preview, check string
		fails          bool
	}{
		"harmless":  {preview: "0", check: "0"},
		"loses":     {preview: "0", check: "1", fails: true},
		"failed":    {preview: "255", check: "1", fails: true},
		"cut short": {preview: "255", check: "0", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.environ = append(c.environ, "STACK=sandbox")
			c.write("out/sandbox/plan.json", "of another day")
			c.stand("pulumi", `[ "$*" = "preview --json --non-interactive --stack sandbox" ] || exit 0
echo the plan
exit `+given.preview)
			c.stand("go", `[ "$*" = "-C rehearsal run ./plan/check" ] || exit 0
echo "checking $FILE: $(cat "$FILE")"
exit `+given.check)

			out, err := c.script("ci/check-plan.sh")
			assert.Equal(t, given.fails, err != nil, out)
			assert.Equal(t, "checking "+filepath.Join(c.folder, "out/sandbox/plan.json")+": the plan\n", out)
		})
	}

	about, err := filepath.Glob("../../rehearsal/plan/check/main.go")
	require.NoError(t, err)
	assert.NotEmpty(t, about, "what it runs is there")
}
