package comment

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/renderer/html"
)

// rendered renders GitHub's Markdown, with all HTML.
func rendered(t *testing.T, text string) string {
	t.Helper()

	var page bytes.Buffer

	github := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote),
		goldmark.WithRendererOptions(html.WithUnsafe()))
	require.NoError(t, github.Convert([]byte(text), &page))

	return page.String()
}

// harms are patterns that no rendered report may match.
func harms() map[string]*regexp.Regexp {
	return map[string]*regexp.Regexp{
		"link":    regexp.MustCompile(`(?i)<a\b`),
		"picture": regexp.MustCompile(`(?i)<img\b`),
		"HTML": regexp.MustCompile(
			`(?i)<(?:!--|\?|!\[|/?(?:script|style|iframe|form|input type="[^c]|div|span|sub|p [a-z]|h1 [a-z]|svg|table [a-z]))`),
		"attribute": regexp.MustCompile(`(?i)<(?:details|summary)[^>]`),
		// GitHub looks for these in the rendered text, after resolving entities.
		"mention":   regexp.MustCompile(`@[a-zA-Z0-9]|&#(?:64|x40);[a-z]`),
		"reference": regexp.MustCompile(`#[0-9]|(?i:\bGH-[0-9])|&#35;`),
		"drawing":   regexp.MustCompile(`language-`),
		"direction": regexp.MustCompile("[\u202a-\u202e\u2066-\u2069]"),
		"formula":   regexp.MustCompile(`\$[^\x{200b}]`),
	}
}

func TestSanitizeRemovesEverythingButText(t *testing.T) {
	t.Parallel()

	for harm, texts := range map[string][]string{
		"link": {
			"[here](https://example.com)", "<https://example.com>", "https://example.com", "www.example.com",
			"a@example.com",
			"[here][there]\n\n[there]: https://example.com", "[here]\n\n[here]: /x", "note[^1]\n\n[^1]: text",
			"<a href=//example.com>x</a>", "![[x](y)](z)", "mailto:me@example.com",
			"ftp://example.com",
			"[a\n](b)", "<a\nhref=x>", "[x]()", "WWW.example.com", "HTTPS://example.com",
		},
		"picture": {"![](https://example.com/seen.png)", "<img src=x>", "![a][b]\n\n[b]: c", "<IMG SRC=x>"},
		"HTML": {
			"<script>alert(1)</script>", "<div>", "<!-- hidden -->", "</div>", "<style>", "<svg/onload=x>", "<?php ?>",
		},
		"attribute": {"<details open>", "<summary onclick=x>", "<details\nopen>"},
		"mention":   {"@octocat", "@msur/admins", "&#64;octocat", `\@octocat`, "`@octocat`", "&commat;a @b", "&#x40;octocat"},
		"reference": {"#1", "msur/platform#2", "GH-3", `gh\-4`, "&#35;5", "msur/x@6dcb09b"},
		"drawing":   {"```mermaid\nx\n```", "~~~ geojson\n{}\n~~~", "> ```mermaid\n> x\n> ```", "- ````stl\n  x\n  ````"},
		"direction": {"abc\u202edef", "\u2066"},
		"formula":   {`$\href{x}{y}$`, "$$x$$", "```math\nx\n```$x$"},
	} {
		for _, text := range texts {
			t.Run(harm+" "+text, func(t *testing.T) {
				t.Parallel()

				page := rendered(t, sanitize(text))
				for other, found := range harms() {
					assert.NotRegexp(t, found, page, other)
				}
			})
		}
	}
}

// Without this test, the one above could pass because a pattern never matches.
func TestHarmsMatchUnsanitizedReports(t *testing.T) {
	t.Parallel()

	for harm, text := range map[string]string{
		"link": "https://example.com", "picture": "![](x)", "HTML": "<script>", "attribute": "<details open>",
		"mention": "@octocat", "reference": "see #1", "drawing": "```mermaid\nx\n```", "direction": "\u202e",
		"formula": "$x$",
	} {
		assert.Regexp(t, harms()[harm], rendered(t, text), harm)
	}
}

func TestSanitizeDoesNotChangeTheLookOfAReport(t *testing.T) {
	t.Parallel()

	report, err := os.ReadFile("testdata/report.md")
	require.NoError(t, err)

	look := func(text string) string { return strings.ReplaceAll(rendered(t, text), invisible, "") }
	got := look(sanitize(string(report)))

	assert.Equal(t, look(string(report)), got)
	assert.Contains(t, got, "<details><summary>")
	assert.Contains(t, got, "<table>")
}

func TestALongReportIsCutAfterAWholeLine(t *testing.T) {
	t.Parallel()

	line := strings.Repeat("@", 999) + "\n"
	got := sanitize(strings.Repeat(line, 200))

	assert.LessOrEqual(t, length(got), maxCharacters+100)
	assert.Contains(t, got, "@"+invisible+"\n\n\nThe report is longer")
	assert.Equal(t, "short", sanitize("short"))
}

func FuzzSanitize(f *testing.F) {
	for _, seed := range []string{"<details>@a[b](c)#1", "```x\n&#64;a", "\\<a href=x>", "[x]:y\n[x]"} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, text string) {
		page := rendered(t, sanitize(text))
		for harm, found := range harms() {
			assert.NotRegexp(t, found, page, harm)
		}
	})
}
