package main

import (
	"io/fs"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Links within the repository must lead to an existing file or folder, and to an existing heading in it.
func TestLinksHaveTargets(t *testing.T) {
	t.Parallel()

	checked := 0

	for _, file := range markdown(t) {
		for _, link := range links(read(t, file)) {
			if strings.Contains(link, ":") {
				continue // an external address
			}

			checked++

			assert.Empty(t, broken(t, file, link), "%s links to %s", file, link)
		}
	}

	assert.Greater(t, checked, 50, "too few links found")
}

// markdown lists the Markdown files, without test data and without the template of a new service, whose links are valid
// only where `make service` copies it.
func markdown(t *testing.T) []string {
	t.Helper()

	var found []string

	err := fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		switch entry.Name() {
		case ".git", ".rehearsal", "out", "node_modules", "testdata", "_none":
			if entry.IsDir() {
				return fs.SkipDir
			}
		}

		if path.Ext(name) == ".md" {
			found = append(found, name)
		}

		return nil
	})
	require.NoError(t, err)

	return found
}

func read(t *testing.T, file string) string {
	t.Helper()

	text, err := os.ReadFile(filepath.Clean(filepath.Join(root, file)))
	require.NoError(t, err)

	return string(text)
}

func TestIndexListsEveryDocument(t *testing.T) {
	t.Parallel()

	listed := links(read(t, "docs/README.md"))

	for _, file := range markdown(t) {
		if name := path.Base(file); path.Dir(file) == "docs" && name != "README.md" {
			assert.Contains(t, listed, name)
		}
	}
}

var (
	fenced = regexp.MustCompile("(?ms)^ *```.*?^ *```$")
	quoted = regexp.MustCompile("`[^`\n]*`")
	linked = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	titled = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *$`)
	within = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
	marks  = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// links returns the targets of the links in a document, except in code.
func links(text string) []string {
	var found []string
	for _, link := range linked.FindAllStringSubmatch(quoted.ReplaceAllString(fenced.ReplaceAllString(text, ""), ""), -1) {
		found = append(found, link[1])
	}

	return found
}

// broken describes what is wrong with a link, or returns "".
func broken(t *testing.T, file, link string) string {
	t.Helper()

	to, anchor, _ := strings.Cut(link, "#")

	to, err := url.PathUnescape(to)
	require.NoError(t, err, link)

	target := path.Join(path.Dir(file), to)
	if to == "" {
		target = file
	}

	if _, err := os.Stat(filepath.Join(root, target)); err != nil {
		return "a missing file: " + target
	}

	if anchor != "" && !anchors(read(t, target))[anchor] {
		return target + ", which has no heading #" + anchor
	}

	return ""
}

// anchors returns the anchors that GitHub derives from the headings of a document: in lower case, with hyphens for
// spaces, without punctuation, and numbered when repeated.
func anchors(text string) map[string]bool {
	found := make(map[string]bool)
	times := make(map[string]int)

	for _, heading := range titled.FindAllStringSubmatch(fenced.ReplaceAllString(text, ""), -1) {
		plain := within.ReplaceAllString(heading[1], "$1")
		anchor := strings.ReplaceAll(marks.ReplaceAllString(strings.ToLower(plain), ""), " ", "-")

		name := anchor
		if times[anchor] > 0 {
			name += "-" + strconv.Itoa(times[anchor])
		}

		times[anchor]++
		found[name] = true
	}

	return found
}

func TestAnchorsFollowGitHub(t *testing.T) {
	t.Parallel()

	text := "# What *is*, and `isn't`\n\n## `shelves.Shelf`\n## A [link](x.md)\n```sh\n# no heading\n```\n" +
		"## A link\n## Ünder_score\n"

	assert.Equal(t, map[string]bool{
		"what-is-and-isnt": true, "shelvesshelf": true, "a-link": true, "a-link-1": true, "ünder_score": true,
	}, anchors(text))
}

func TestLinksInCodeAreIgnored(t *testing.T) {
	t.Parallel()

	text := "See [a](b.md#c) and `[d](e)`.\n\n```md\n[f](g)\n```\n\n![drawn](h.svg)\n"

	assert.Equal(t, []string{"b.md#c", "h.svg"}, links(text))
}
