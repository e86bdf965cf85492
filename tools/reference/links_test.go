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

// Every link within the repository leads to a file or a folder that is there, and to a heading that is in it.
func TestEveryLinkLeadsSomewhere(t *testing.T) {
	t.Parallel()

	checked := 0

	for _, file := range documents(t) {
		for _, link := range links(read(t, file)) {
			if strings.Contains(link, ":") {
				continue // of the world outside
			}

			checked++

			assert.Empty(t, broken(t, file, link), "%s links to %s", file, link)
		}
	}

	assert.Greater(t, checked, 50, "links are found")
}

// documents are all Markdown files but those that tests work on, and what a new service is made of, whose links are
// those of the place that it is copied to.
func documents(t *testing.T) []string {
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

// Every document of the folder is in its index.
func TestEveryDocumentIsInTheIndex(t *testing.T) {
	t.Parallel()

	listed := links(read(t, "docs/README.md"))

	for _, file := range documents(t) {
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

// links are where a document leads, but for what it shows as code.
func links(text string) []string {
	var found []string
	for _, link := range linked.FindAllStringSubmatch(quoted.ReplaceAllString(fenced.ReplaceAllString(text, ""), ""), -1) {
		found = append(found, link[1])
	}

	return found
}

// broken says what is wrong with a link of a document; nothing where it leads somewhere.
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
		return "there is no " + target
	}

	if anchor != "" && !anchors(read(t, target))[anchor] {
		return target + " has no heading for #" + anchor
	}

	return ""
}

// anchors are those that GitHub gives to the headings of a document: small letters, hyphens for spaces, no other marks,
// and a number for what comes again.
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

func TestAnchorsAreThoseOfGitHub(t *testing.T) {
	t.Parallel()

	text := "# What *is*, and `isn't`\n\n## `shelves.Shelf`\n## A [link](x.md)\n```sh\n# no heading\n```\n" +
		"## A link\n## Ünder_score\n"

	assert.Equal(t, map[string]bool{
		"what-is-and-isnt": true, "shelvesshelf": true, "a-link": true, "a-link-1": true, "ünder_score": true,
	}, anchors(text))
}

func TestLinksInCodeAreNone(t *testing.T) {
	t.Parallel()

	text := "See [a](b.md#c) and `[d](e)`.\n\n```md\n[f](g)\n```\n\n![drawn](h.svg)\n"

	assert.Equal(t, []string{"b.md#c", "h.svg"}, links(text))
}
