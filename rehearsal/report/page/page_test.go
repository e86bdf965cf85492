package page_test

import (
	"crypto/sha256"
	"encoding/base64"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/report/page"
	"github.com/msur/platform/rehearsal/report/reporttest"
	"github.com/msur/platform/rehearsal/state"
)

// render returns the page of a run that does the same to all resources of a stack.
func render(t *testing.T, stack string, op apitype.OpType) string {
	t.Helper()

	run := reporttest.Run(t, stack, op)
	run.Commit = "<b>abc</b>"

	return renderRun(t, run)
}

func renderRun(t *testing.T, run report.Run) string {
	t.Helper()

	rendered, err := page.Render(report.New(run))
	require.NoError(t, err)

	return string(rendered)
}

// pictureIn returns the picture of the platform in a page.
func pictureIn(t *testing.T, text string) string {
	t.Helper()

	_, picture, found := strings.Cut(text, `aria-label="Picture of the platform"`)
	require.True(t, found, "the page has no picture")

	picture, _, _ = strings.Cut(picture, "</svg>")

	return picture
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
		picture := pictureIn(t, text)

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
	losses, picture := strings.Index(text, "These changes lose data"), strings.Index(text, "<svg")

	require.Positive(t, losses)
	assert.Less(t, losses, picture)
	assert.Contains(t, text[losses:picture], "database-instance")
	assert.NotContains(t, text[losses:picture], "network-internet")

	assert.NotContains(t, render(t, "staging", apitype.OpUpdate), "These changes lose data")
}

func TestTheChartMarksTheCriticalPath(t *testing.T) {
	t.Parallel()

	text := render(t, "sandbox", apitype.OpCreate)
	_, chart, _ := strings.Cut(text, `aria-label="Chart of the modelled run"`)
	chart, _, _ = strings.Cut(chart, "</svg>")

	assert.Regexp(t, `<g class="create critical">.*cluster-eksCluster`, chart)
	assert.Contains(t, chart, ">limit")
	assert.NotContains(t, render(t, "sandbox", apitype.OpSame), "Chart of the modelled run", "nothing takes time")
}

func TestADestroyShowsThePlatformBeforeIt(t *testing.T) {
	t.Parallel()

	text := render(t, "staging", apitype.OpDelete)
	picture := pictureIn(t, text)
	boxes := strings.Count(picture, "<a href=")

	assert.Contains(t, text, "The destroy of staging")
	assert.Equal(t, strings.Count(pictureIn(t, render(t, "staging", apitype.OpSame)), "<a href="), boxes)
	assert.Equal(t, boxes+1, strings.Count(picture, "− delete</tspan>"), "every box and the VPC are marked")
	assert.Contains(t, picture, ">3306<", "the connections before")

	assert.NotContains(t, renderRun(t, report.Run{
		Stack: "s", Operation: "destroy", Before: &state.State{}, After: &state.State{}, Now: time.Now(),
	}), "The platform</h2>", "nothing was deployed")
}

func TestADeletedResourceIsInThePictureAndInTheList(t *testing.T) {
	t.Parallel()

	run := reporttest.Run(t, "staging", apitype.OpSame)
	after := &state.State{}

	for i, r := range run.Before.Resources {
		if r.URN.Name() == "cache-nodes" || r.URN.Name() == "cache-from-nodes" {
			run.Steps[i].Op = apitype.OpDelete
		} else {
			after.Resources = append(after.Resources, r)
		}
	}

	require.Len(t, after.Resources, len(run.Before.Resources)-2)
	run.After = after

	text := renderRun(t, run)
	picture := pictureIn(t, text)

	assert.Regexp(t, `class="store delete loss"><title>Valkey`, picture)
	assert.Equal(t, 1, strings.Count(picture, "− delete</tspan>"), "only the cache is marked")
	assert.NotContains(t, picture, ">6379<", "a deleted rule allows nothing")
	assert.Regexp(t, `<summary>cache-nodes <span [^>]*>[^<]*</span> <span class="word fail">− delete`, text)
}

// A box that an arrow crosses hides where the arrow leads.
func TestNoArrowCrossesABoxBetweenItsEnds(t *testing.T) {
	t.Parallel()

	number := func(text string) int {
		parsed, err := strconv.Atoi(text)
		require.NoError(t, err)

		return parsed
	}

	arrow := regexp.MustCompile(`<line class="arrow" x1="(\d+)" y1="(\d+)" x2="\d+" y2="(\d+)"`)
	gateway := regexp.MustCompile(`<title>NAT gateway[^/]*</title><rect class="rect" x="(\d+)" y="(\d+)" width="(\d+)"`)

	for _, environment := range []string{"sandbox", "staging"} {
		picture := pictureIn(t, render(t, environment, apitype.OpReplace))
		gateways := gateway.FindAllStringSubmatch(picture, -1)
		require.NotEmpty(t, gateways)

		for _, a := range arrow.FindAllStringSubmatch(picture, -1) {
			for _, g := range gateways {
				x, left := number(a[1]), number(g[1])
				beside := x < left || x > left+number(g[3])
				apart := number(a[2]) > number(g[2]) || number(a[3]) < number(g[2])
				assert.True(t, beside || apart, "an arrow at %d crosses the NAT gateway at %d in %s", x, left, environment)
			}
		}
	}
}

func TestThePageOfTheAccountHasTimeAndCostButNoPicture(t *testing.T) {
	t.Parallel()

	text := render(t, reporttest.Account, apitype.OpCreate)

	assert.Regexp(t, `How long does it take\?</dt><dd class="figure">[1-9]\d* (s|min)<`, text)
	assert.Regexp(t, `What does it cost\?</dt><dd class="figure">\$[1-9]\d*\.\d\d<`, text)
	assert.Contains(t, text, "Chart of the modelled run")
	assert.Regexp(t, `<td class="word pass">pass</td><td class="id">A5</td>`, text)
	assert.Regexp(t, `<td class="word pass">pass</td><td class="id">A6</td>`, text)
	assert.NotContains(t, text, "Picture of the platform")
}

func TestThePageShowsTheDifferencesToTheLastReport(t *testing.T) {
	t.Parallel()

	run := reporttest.Run(t, "staging", apitype.OpCreate)
	run.Last = report.New(reporttest.Run(t, "sandbox", apitype.OpUpdate))
	run.Last.Commit = "<i>1234"
	text := renderRun(t, run)

	_, section, found := strings.Cut(text, `<h2 id="differences">`)
	require.True(t, found)

	section, _, _ = strings.Cut(section, "</section>")

	assert.Contains(t, section, "&lt;i&gt;1234")
	assert.Regexp(t, `<td>time</td><td>\d+ (s|min)</td><td>\d+ min</td>`, section)
	assert.Regexp(t, `<td>cost a month</td><td>\$1\d\d\.\d\d</td><td>\$[45]\d\d\.\d\d</td>`, section)
	assert.Regexp(t, `<td>resources of network</td><td>\d+</td><td>\d+</td>`, section)
	assert.Contains(t, section, `<td class="word exception">exception</td><td class="word pass">pass</td>`, "K1")

	run.Last = nil
	assert.NotContains(t, renderRun(t, run), `id="differences"`)
}

func TestThePictureInTheREADMEIsThatOfTheSandbox(t *testing.T) {
	t.Parallel()

	sandbox := reporttest.Golden(t, "sandbox")

	picture, err := page.SVG(report.New(report.Run{Stack: "sandbox", Operation: "up", Before: sandbox, After: sandbox}))
	require.NoError(t, err)

	committed, err := os.ReadFile("../../../docs/platform.svg")
	require.NoError(t, err)
	assert.Equal(t, string(committed), string(picture), "run: make derived")
}
