package scenarios_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The commands of documents work. Each document has a checkout, in which its blocks run in order, each in the project's
// folder. A block that begins with ```sh is run, in `make shell` if it uses pulumi. A line with a comment that contains
// "refused" or "fails" must fail.
//
// A mark behind sh explains why a block is not run: see needsAccount and testedBy. Of the blocks that need an account,
// the settings are set and previewed. The targets of make that are not run are in elsewhere.
func TestTheCommandsOfDocumentsWork(t *testing.T) {
	t.Parallel()

	for name, blocks := range readDocuments(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var problems []string
			for _, b := range blocks {
				problems = append(problems, b.problems(repository(t))...)
			}

			require.Empty(t, problems)

			c := &checkout{t: t}
			for _, b := range merge(blocks) {
				require.NoError(t, c.run(b))
			}
		})
	}
}

func TestTargetsThatAreRunElsewhereExistAndAreInDocuments(t *testing.T) {
	t.Parallel()

	var used []string

	for _, blocks := range readDocuments(t) {
		for _, b := range blocks {
			used = append(used, b.targets()...)
		}
	}

	for target, reference := range elsewhere() {
		assert.Contains(t, targetsOf(repository(t)), target)
		assert.Contains(t, used, target, "targets in documents")

		var targets []string
		if filepath.Ext(reference) == ".yml" {
			targets = []string{target}
		}

		require.NoError(t, checkReference(repository(t), reference, targets), target)
	}
}

// readDocuments returns the blocks of every document but those of .github, which have no marks yet.
func readDocuments(t *testing.T) map[string][]block {
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

		blocks, problems := blocksOf(name, string(text))
		require.Empty(t, problems)

		if len(blocks) > 0 {
			all[name] = blocks
		}
	}

	require.Greater(t, len(all), 5)

	return all
}
