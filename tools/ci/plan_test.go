package main_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

// The check also runs after a failed preview, because it prints the errors.
func TestCheckPlanFailsIfThePreviewOrTheCheckFails(t *testing.T) {
	t.Parallel()

	for name, given := range map[string]struct {
		preview, check string
		fails          bool
	}{
		"harmless":            {preview: "0", check: "0"},
		"loses data":          {preview: "0", check: "1", fails: true},
		"preview failed":      {preview: "255", check: "1", fails: true},
		"preview interrupted": {preview: "255", check: "0", fails: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			c := newCheckout(t)
			c.environ = append(c.environ, "STACK=sandbox")
			c.write("out/sandbox/plan.json", "an older plan")
			c.standIn("pulumi", `[ "$*" = "preview --json --non-interactive --stack sandbox" ] || exit 0
echo the plan
exit `+given.preview)
			c.standIn("go", `[ "$*" = "-C rehearsal run ./plan/check" ] || exit 0
echo "checking $FILE: $(cat "$FILE")"
exit `+given.check)

			out, err := c.script("ci/check-plan.sh")
			assert.Equal(t, given.fails, err != nil, out)
			assert.Equal(t, "checking "+filepath.Join(c.folder, "out/sandbox/plan.json")+": the plan\n", out)
		})
	}

	assert.FileExists(t, "../../rehearsal/plan/check/main.go", "the script runs it")
}
