package scenarios_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fenced returns a document with one block, whose first command is in line 4.
func fenced(info string, lines ...string) string {
	return "# A guide\n\n```" + info + "\n" + strings.Join(lines, "\n") + "\n```\n"
}

func TestABlockThatIsNotRunIsFound(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct{ text, message string }{
		"an unknown target": {fenced("sh", "true", "make upp STACK=staging"), "guide.md:5: make has no target upp"},
		"an unknown target in a list": {
			fenced("sh account", "X=1 make -s up && make dwon"), "guide.md:4: make has no target dwon",
		},
		"a missing script": {
			fenced("sh account", "tools/swep.sh sandbox"), "guide.md:4: tools/swep.sh is missing",
		},
		"an unchecked form of a setting": {
			fenced("sh account", "pulumi config set platform:network.nat single"),
			"guide.md:4: expected pulumi config set --stack",
		},
		"an unknown mark": {fenced("sh acount", "aws s3 ls"), `guide.md:3: unknown mark "acount"`},
		"a missing test": {
			fenced("sh tested apps/dev.TestX", "make dev"), "guide.md:3: the test apps/dev.TestX does not exist",
		},
		"a test without a package":      {fenced("sh tested TestX", "make dev"), "guide.md:3: expected the package"},
		"a workflow with other targets": {fenced("sh tested .github/workflows/drift.yml", "make up"), "does not run make up"},
		"a missing workflow":            {fenced("sh tested .github/workflows/no.yml", "make up"), "reading the workflow"},
		"a block without a language":    {fenced("", "make up"), "guide.md:4: no test runs this command"},
		"another language":              {fenced("bash", "make up"), `guide.md:3: no test runs a block marked "bash"`},
		"a block in a list": {
			"1. First:\n\n   ```\n   pulumi up -s sandbox\n   ```\n", "guide.md:4: no test runs this command",
		},
	} {
		blocks, problems := blocksOf("guide.md", test.text)
		for _, b := range blocks {
			problems = append(problems, b.problems(repository(t))...)
		}

		if assert.Len(t, problems, 1, name) {
			assert.Contains(t, problems[0], test.message, name)
		}
	}
}

func TestOutputIsNoCommand(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		fenced("", "Next:", "  make preview   show what `up` would change", "making sure"), fenced("yaml", "make: up"),
	} {
		blocks, problems := blocksOf("guide.md", text)
		assert.Empty(t, blocks)
		assert.Empty(t, problems)
	}
}

func TestAllCommandsOfABlockAreFound(t *testing.T) {
	t.Parallel()

	blocks, _ := blocksOf("guide.md", fenced("sh", `key=$(pulumi stack output key) x='a b' # make nothing`,
		"A=1 \\", `  make up "B=2 c" && pulumi preview --json > plan.json`, "for name in a; do gh x; done"))
	require.Len(t, blocks, 1)

	var lines []string
	for _, c := range blocks[0].commands() {
		lines = append(lines, strings.Repeat("\n", c.line-4)+strings.Join(c.words, " "))
	}

	assert.Subset(t, lines, []string{"pulumi stack output key", "\n\nmake up B=2 c", "\n\npulumi preview --json"})
	assert.True(t, blocks[0].usesPulumi())
	assert.Equal(t, []string{"up"}, blocks[0].targets())
}

func TestAnErrorNamesTheLineOfAFailedCommand(t *testing.T) {
	t.Parallel()

	c := &checkout{t: t}

	for name, test := range map[string]struct{ text, line, message string }{
		"a misspelled setting": {
			fenced("sh", "pulumi config set --stack sandbox --path platform:network.natt single", "pulumi preview -s sandbox"),
			"guide.md:5: pulumi preview", "platform:network.nat?",
		},
		"a misspelled setting in a block that needs an account": {
			fenced("sh account", "aws sts get-caller-identity",
				"pulumi config set --stack staging --path platform:cluster.versoin 1.36", "pulumi up -s staging"),
			"guide.md:5: pulumi config set", "platform:cluster.version?",
		},
		"an unknown stack": {
			fenced("sh", "make", "", "make up STACK=nowhere"), "guide.md:6: make up", "sandbox, staging",
		},
		"a command that must fail": {
			fenced("sh", "true", "make   # refused: for a test"), "guide.md:5: make", "expected a failure: refused",
		},
		"a command that needs an account": {
			fenced("sh", "aws sts get-caller-identity"), "guide.md:4: aws sts", "mark the block sh account",
		},
	} {
		blocks, problems := blocksOf("guide.md", test.text)
		require.Empty(t, problems, name)
		require.Len(t, blocks, 1, name)

		restore := c.saveSettings()
		err := c.run(blocks[0])

		restore()
		require.ErrorContains(t, err, test.line, name)
		require.ErrorContains(t, err, test.message, name)
	}
}
