package browser_test

import (
	"context"
	"flag"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/cost"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/browser"
	"github.com/msur/platform/rehearsal/report/page"
)

var screenshots = flag.Bool("screenshots", false, "write the screenshots in docs/images")

const (
	root = "../../../"
	axe  = root + ".rehearsal/bin/axe/node_modules/axe-core/axe.min.js"
)

// need skips a test without a browser or axe. In CI, the test fails.
func need(t *testing.T) {
	t.Helper()

	_, err := browser.Find()
	if err == nil {
		_, err = os.Stat(axe)
	}

	if err == nil {
		return
	}

	const missing = "%v; run: make .rehearsal/bin/axe/installed"
	if os.Getenv("CI") == "true" {
		t.Fatalf(missing, err)
	}

	t.Skipf(missing, err)
}

// open starts a browser, which ends with the test.
func open(t *testing.T) *browser.Browser {
	t.Helper()
	need(t)

	// The browser writes into its profile until it has ended, so the folder must outlive it.
	profile := t.TempDir()

	b, err := browser.Start(context.WithoutCancel(t.Context()), profile)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.Close()) })

	return b
}

// write writes the page of a preview that does the same to all resources of an environment, and returns its path.
func write(t *testing.T, environment string, op apitype.OpType) string {
	t.Helper()

	now := time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)
	environments, err := controls.ReadGoldens(os.DirFS(root), now)
	require.NoError(t, err)

	assumptions, err := cost.Assumptions("")
	require.NoError(t, err)

	known := environments[environment].State
	run := report.Run{
		Stack: environment, Operation: "preview", Before: known, After: known, Now: now,
		Outputs: known.Outputs(), Assumptions: assumptions, Changes: map[string]int{string(op): 112},
	}

	for _, r := range known.Resources {
		run.Steps = append(run.Steps, plan.Step{URN: r.URN, Op: op, Component: known.Component(r), Differs: []string{"tags"}})
	}

	file, err := page.Write(report.New(run), t.TempDir())
	require.NoError(t, err)

	return file
}

// screens are a small phone, a phone, a desktop and a sheet of A4 without its margins, all light and dark.
func screens() []browser.Screen {
	var all []browser.Screen

	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int{320, 390, 1280} {
			all = append(all, browser.Screen{Width: width, Height: 800, Scheme: scheme})
		}
	}

	return append(all, browser.Screen{Width: 700, Height: 1000, Scheme: "light", Medium: "print"})
}

// expand opens everything that is folded.
const expand = `document.querySelectorAll("details").forEach(d => d.open = true)`

func TestNothingIsWiderThanTheScreen(t *testing.T) {
	t.Parallel()

	b := open(t)

	for _, op := range []apitype.OpType{apitype.OpCreate, apitype.OpReplace} {
		file := write(t, "staging", op)

		for _, screen := range screens() {
			require.NoError(t, b.Open(file, screen))
			require.NoError(t, b.Evaluate(expand, nil))

			var width int
			require.NoError(t, b.Evaluate(`document.documentElement.scrollWidth`, &width))
			assert.LessOrEqual(t, width, screen.Width, "%v, %s", screen, op)
		}
	}
}

// Folded parts stay folded: with all of them open, axe takes minutes.
func TestThePageIsAccessible(t *testing.T) {
	t.Parallel()

	b := open(t)
	script, err := os.ReadFile(axe)
	require.NoError(t, err)

	for op, screen := range map[apitype.OpType]browser.Screen{
		apitype.OpReplace: {Width: 390, Height: 800, Scheme: "light"},
		apitype.OpCreate:  {Width: 1280, Height: 800, Scheme: "dark"},
	} {
		require.NoError(t, b.Open(write(t, "sandbox", op), screen))
		require.NoError(t, b.Evaluate(string(script)+";0", nil))

		var violations []string
		require.NoError(t, b.Evaluate(`axe.run().then(r => r.violations.map(v =>
				v.id + ": " + v.nodes.slice(0, 3)
				.map(n => n.html.slice(0, 200) + " " + n.failureSummary).join(" | ")))`, &violations))
		assert.Empty(t, violations, "%v, %s", screen, op)
	}
}

func TestTheKeyboardReachesEverythingInOrder(t *testing.T) {
	t.Parallel()

	b := open(t)
	file := write(t, "sandbox", apitype.OpCreate)
	require.NoError(t, b.Open(file, browser.Screen{Width: 390, Height: 800, Scheme: "light"}))

	var count int
	require.NoError(t, b.Evaluate(`window.all = [...document.querySelectorAll("a[href], summary, [tabindex='0']")]
		.filter(e => e.checkVisibility()); all.length`, &count))
	require.Positive(t, count)

	for i := range count {
		require.NoError(t, b.Tab())

		var at int
		require.NoError(t, b.Evaluate(`all.indexOf(document.activeElement)`, &at))
		require.Equal(t, i, at)
	}
}

func TestThePageDoesNotBreakItsPolicy(t *testing.T) {
	t.Parallel()

	b := open(t)
	file := write(t, "sandbox", apitype.OpReplace)
	require.NoError(t, b.Open(file, browser.Screen{Width: 1280, Height: 800, Scheme: "dark"}))

	var styled bool
	require.NoError(t, b.Evaluate(`[...document.styleSheets].some(s => s.cssRules.length > 10)`, &styled))
	assert.True(t, styled, "the policy blocks the page's style")
}

func TestThePageCanBePrinted(t *testing.T) {
	t.Parallel()

	b := open(t)
	file := write(t, "staging", apitype.OpCreate)
	require.NoError(t, b.Open(file, browser.Screen{Width: 1280, Height: 800, Scheme: "light"}))

	pdf, err := b.Print()
	require.NoError(t, err)

	pages := len(regexp.MustCompile(`/Type\s*/Page[^s]`).FindAll(pdf, -1))
	assert.Greater(t, pages, 2)
	assert.Regexp(t, `MediaBox\s*\[0 0 (594|595)[.0-9]* 84[12]`, string(pdf), "A4, in points")
}

func TestTheScreenshotsOfTheDocumentation(t *testing.T) {
	t.Parallel()

	if !*screenshots {
		t.Skip("make screenshots")
	}

	b := open(t)
	file := write(t, "sandbox", apitype.OpCreate)

	for name, screen := range map[string]browser.Screen{
		"report-desktop.png": {Width: 1100, Height: 1000, Scheme: "light"},
		"report-dark.png":    {Width: 1100, Height: 1000, Scheme: "dark"},
		"report-phone.png":   {Width: 390, Height: 844, Scheme: "light"},
	} {
		require.NoError(t, b.Open(file, screen))

		image, err := b.Screenshot()
		require.NoError(t, err)
		assert.Less(t, len(image), 200_000, name)
		require.NoError(t, os.WriteFile(root+"docs/images/"+name, image, 0o600))
	}
}
