package browser_test

import (
	"context"
	"flag"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/browser"
	"github.com/msur/platform/rehearsal/report/page"
	"github.com/msur/platform/rehearsal/report/reporttest"
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
func open(t *testing.T) context.Context {
	t.Helper()
	need(t)

	page, err := browser.Start(context.WithoutCancel(t.Context()))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, chromedp.Cancel(page)) })

	return page
}

// evaluate returns the value of a script in the page. The page's content security policy does not hold for it.
func evaluate[T any](page context.Context, t *testing.T, script string) T {
	t.Helper()

	value, err := chromedp.Run(page, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	require.NoError(t, err)

	return value
}

// write writes the page of a run that does the same to all resources of a stack, and returns its path.
func write(t *testing.T, stack string, op apitype.OpType) string {
	t.Helper()

	run := reporttest.Run(t, stack, op)
	run.Now = time.Date(2026, time.December, 1, 0, 0, 0, 0, time.UTC)
	run.Last = report.New(reporttest.Run(t, "sandbox", apitype.OpSame))

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

	for _, op := range []apitype.OpType{apitype.OpCreate, apitype.OpReplace, apitype.OpDelete} {
		file := write(t, "staging", op)

		for _, screen := range screens() {
			require.NoError(t, browser.Open(b, file, screen))

			width := evaluate[int](b, t, expand+`; document.documentElement.scrollWidth`)
			assert.LessOrEqual(t, width, screen.Width, "%v, %s", screen, op)
		}
	}
}

// Marks make the titles of boxes longer, and three zones the boxes narrower.
func TestTextsFitIntoTheirBoxes(t *testing.T) {
	t.Parallel()

	b := open(t)

	for _, stack := range []string{"sandbox", "staging"} {
		require.NoError(t, browser.Open(b, write(t, stack, apitype.OpReplace), screens()[2]))

		wide := evaluate[[]string](b, t, `Array.from(document.querySelectorAll("svg a")).filter(a => {
			const [text, box] = ["text", "rect"].map(name => a.querySelector(name).getBBox());
			return text.x + text.width > box.x + box.width || text.y + text.height > box.y + box.height;
		}).map(a => a.querySelector("title").textContent)`)
		assert.Empty(t, wide, stack)
	}
}

func TestThePageIsAccessible(t *testing.T) {
	t.Parallel()

	b := open(t)
	script, err := os.ReadFile(axe)
	require.NoError(t, err)

	for op, screen := range map[apitype.OpType]browser.Screen{
		apitype.OpReplace: {Width: 390, Height: 800, Scheme: "light"},
		apitype.OpCreate:  {Width: 1280, Height: 800, Scheme: "dark"},
		apitype.OpDelete:  {Width: 1280, Height: 800, Scheme: "light"},
	} {
		require.NoError(t, browser.Open(b, write(t, "staging", op), screen))
		evaluate[int](b, t, expand+";"+string(script)+";0")

		violations := evaluate[[]string](b, t, `axe.run().then(r => r.violations.map(v => v.id + ": " +
			v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + n.failureSummary).join(" | ")))`)
		assert.Empty(t, violations, "%v, %s", screen, op)
	}
}

func TestTheKeyboardReachesEverythingInOrder(t *testing.T) {
	t.Parallel()

	b := open(t)
	file := write(t, "sandbox", apitype.OpCreate)
	require.NoError(t, browser.Open(b, file, browser.Screen{Width: 390, Height: 800, Scheme: "light"}))

	count := evaluate[int](b, t, `window.all = [...document.querySelectorAll("a[href], summary, [tabindex='0']")]
		.filter(e => e.checkVisibility()); all.length`)
	require.Positive(t, count)

	for i := range count {
		require.NoError(t, chromedp.Do(b, chromedp.KeyEvent("\t")))
		require.Equal(t, i, evaluate[int](b, t, `all.indexOf(document.activeElement)`))
	}
}

func TestThePageDoesNotBreakItsPolicy(t *testing.T) {
	t.Parallel()

	b := open(t)
	file := write(t, "sandbox", apitype.OpReplace)
	require.NoError(t, browser.Open(b, file, browser.Screen{Width: 1280, Height: 800, Scheme: "dark"}))
	assert.True(t, evaluate[bool](b, t, `[...document.styleSheets].some(s => s.cssRules.length > 10)`),
		"the policy blocks the page's style")
}

func TestThePageCanBePrinted(t *testing.T) {
	t.Parallel()

	b := open(t)
	file := write(t, "staging", apitype.OpCreate)
	require.NoError(t, browser.Open(b, file, browser.Screen{Width: 1280, Height: 800, Scheme: "light"}))

	pdf, err := chromedp.Run(b, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
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
		require.NoError(t, browser.Open(b, file, screen))

		image, err := chromedp.Run(b, chromedp.CaptureScreenshot())
		require.NoError(t, err)
		assert.Less(t, len(image), 200_000, name)
		require.NoError(t, os.WriteFile(root+"docs/images/"+name, image, 0o600))
	}
}
