package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/controls"
	"github.com/msur/platform/rehearsal/cost"
	"github.com/msur/platform/rehearsal/plan"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/page"
	"github.com/msur/platform/rehearsal/state"
)

// render returns the page of a preview that does the same to all resources of an environment.
func render(t *testing.T, environment string, op apitype.OpType) string {
	t.Helper()

	environments, err := controls.ReadGoldens(os.DirFS("../../.."), time.Now())
	require.NoError(t, err)

	known := environments[environment].State
	require.NotNil(t, known)

	assumptions, err := cost.Assumptions("")
	require.NoError(t, err)

	run := report.Run{
		Stack: environment, Operation: "preview", Commit: "<b>abc</b>", Before: known, After: known, Now: time.Now(),
		Outputs: known.Outputs(), Assumptions: assumptions,
	}
	for _, r := range known.Resources {
		run.Steps = append(run.Steps, plan.Step{URN: r.URN, Op: op, Component: known.Component(r)})
	}

	rendered, err := page.Render(report.New(run))
	require.NoError(t, err)

	return string(rendered)
}

func TestThePageLoadsNothingAndRunsNoScript(t *testing.T) {
	t.Parallel()

	text := render(t, "staging", apitype.OpCreate)
	assert.Less(t, len(text), 1_000_000)

	_, style, _ := strings.Cut(text, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	sum := sha256.Sum256([]byte(style))
	hash := strings.ReplaceAll(base64.StdEncoding.EncodeToString(sum[:]), "+", "&#43;")
	assert.Contains(t, text, "default-src &#39;none&#39;; style-src &#39;sha256-"+hash+"&#39;")

	for _, forbidden := range []string{"<script", " style=", "javascript:", " src=", "<link", "@import", "url("} {
		assert.NotContains(t, text, forbidden)
	}

	assert.NotContains(t, text, "<b>abc</b>", "values are escaped")
}

func TestThePictureHasTheWholePlatformAndLeadsToItsProperties(t *testing.T) {
	t.Parallel()

	for environment, zones := range map[string][]string{
		"sandbox": {"us-east-1a", "us-east-1b"}, "staging": {"us-east-1a", "us-east-1b", "us-east-1c"},
	} {
		text := render(t, environment, apitype.OpSame)

		_, picture, _ := strings.Cut(text, `aria-label="Picture of the platform"`)
		picture, _, _ = strings.Cut(picture, "</svg>")

		for _, part := range append(zones, "VPC 10.", "internet gateway", "NAT gateway", "network load balancer", "EKS 1.",
			"MySQL 8", "Valkey 8", "argo-cd, traefik, flights, reservations", "443, 80", "3306", "6379") {
			assert.Contains(t, picture, part, environment)
		}

		links := regexp.MustCompile(`href="#(r-[0-9a-f]+)"`).FindAllStringSubmatch(picture, -1)
		assert.NotEmpty(t, links)

		for _, link := range links {
			assert.Equal(t, 1, strings.Count(text, `id="`+link[1]+`"`), "%s of %s", link[1], environment)
		}
	}
}

func TestLossesOfDataComeFirst(t *testing.T) {
	t.Parallel()

	text := render(t, "staging", apitype.OpReplace)
	losses, picture := strings.Index(text, "These steps lose data"), strings.Index(text, "<svg")

	require.Positive(t, losses)
	assert.Less(t, losses, picture)
	assert.Contains(t, text[losses:picture], "database-instance")
	assert.NotContains(t, text[losses:picture], "network-internet")

	assert.NotContains(t, render(t, "staging", apitype.OpUpdate), "These steps lose data")
}

func TestTheChartMarksTheCriticalPath(t *testing.T) {
	t.Parallel()

	text := render(t, "sandbox", apitype.OpCreate)
	_, chart, _ := strings.Cut(text, `aria-label="Chart of the modelled run"`)
	chart, _, _ = strings.Cut(chart, "</svg>")

	assert.Regexp(t, `<g class="create critical">.*cluster-eksCluster`, chart)
	assert.Contains(t, chart, "limit ")
	assert.NotContains(t, render(t, "sandbox", apitype.OpSame), "Chart of the modelled run", "nothing takes time")
}

func TestADestroyedStackHasAPage(t *testing.T) {
	t.Parallel()

	rendered, err := page.Render(report.New(report.Run{
		Stack: "s", Operation: "destroy", Before: &state.State{}, After: &state.State{}, Now: time.Now(),
	}))
	require.NoError(t, err)
	assert.Contains(t, string(rendered), "The destroy of s")
	assert.NotContains(t, string(rendered), "The platform</h2>")
}

func TestThePictureInTheREADMEIsThatOfTheSandbox(t *testing.T) {
	t.Parallel()

	sandbox, err := controls.ReadGolden(os.DirFS("../../.."), "stacks/testdata/sandbox.json", time.Now())
	require.NoError(t, err)

	picture, err := page.SVG(report.New(report.Run{
		Stack: "sandbox", Operation: "up", Before: sandbox.State, After: sandbox.State,
	}))
	require.NoError(t, err)

	committed, err := os.ReadFile("../../../docs/platform.svg")
	require.NoError(t, err)
	assert.Equal(t, string(committed), string(picture), "run: make derived")
}
