package scenarios_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What documents have people type is typed here: each block of commands, in the order of its document, each from the
// project's folder of a checkout that is the document's own. A block that begins with ```sh is run; where it has a
// command of pulumi, in `make shell`. A line whose comment says that it is refused, or fails, has to fail.
//
// What is not run says why behind sh: see needsAccount and testedBy. Of what needs an account, the settings are set,
// and previewed. A target of make that is not run is in elsewhere.
func TestWhatDocumentsHavePeopleTypeWorks(t *testing.T) {
	t.Parallel()

	for name, blocks := range read(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var wrong []string
			for _, b := range blocks {
				wrong = append(wrong, b.wrong(repository(t))...)
			}

			require.Empty(t, wrong)

			c := &checkout{t: t}
			for _, b := range together(blocks) {
				require.NoError(t, c.run(b))
			}
		})
	}
}

func TestWhatIsRunElsewhereIsThereAndIsTyped(t *testing.T) {
	t.Parallel()

	var used []string

	for _, blocks := range read(t) {
		for _, b := range blocks {
			used = append(used, b.targets()...)
		}
	}

	for target, reference := range elsewhere() {
		assert.Contains(t, targetsOf(repository(t)), target)
		assert.Contains(t, used, target, "a document has it")

		var targets []string
		if filepath.Ext(reference) == ".yml" {
			targets = []string{target}
		}

		require.NoError(t, runs(repository(t), reference, targets), target)
	}
}

// read returns the blocks of every document. Those of .github wait for their marks.
func read(t *testing.T) map[string][]block {
	t.Helper()

	all := make(map[string][]block)

	for _, name := range files(t) {
		if filepath.Ext(name) != ".md" || strings.HasPrefix(name, ".github/") || strings.Contains(name, "/testdata/") {
			continue
		}

		text, err := os.ReadFile(filepath.Join(repository(t), name))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}

		require.NoError(t, err)

		blocks, wrong := blocksOf(name, string(text))
		require.Empty(t, wrong)

		if len(blocks) > 0 {
			all[name] = blocks
		}
	}

	require.Greater(t, len(all), 5)

	return all
}
