package scenarios_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fenced is a document with one block, whose first command is in line 4.
func fenced(begin string, lines ...string) string {
	return "# A guide\n\n```" + begin + "\n" + strings.Join(lines, "\n") + "\n```\n"
}

func TestABlockThatNobodyRunsIsFound(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct{ text, says string }{
		"a target that make has not": {fenced("sh", "true", "make upp STACK=staging"), "guide.md:5: make has no target upp"},
		"one of a line": {
			fenced("sh account", "X=1 make -s up && make dwon"), "guide.md:4: make has no target dwon",
		},
		"a script that there is not": {
			fenced("sh account", "tools/swep.sh sandbox"), "guide.md:4: there is no tools/swep.sh that may be run",
		},
		"a setting that nobody checks": {
			fenced("sh account", "pulumi config set platform:network.nat single"), "guide.md:4: want pulumi config set --stack",
		},
		"an unknown mark": {fenced("sh acount", "aws s3 ls"), `guide.md:3: got the mark "acount"`},
		"a test that there is not": {
			fenced("sh tested apps/dev.TestX", "make dev"), "guide.md:3: there is no test apps/dev.TestX",
		},
		"a test without a package":     {fenced("sh tested TestX", "make dev"), "guide.md:3: got \"TestX\""},
		"a workflow that runs others":  {fenced("sh tested .github/workflows/drift.yml", "make up"), "does not run make up"},
		"a workflow that there is not": {fenced("sh tested .github/workflows/no.yml", "make up"), "guide.md:3: looking for"},
		"a block without a language":   {fenced("", "make up"), "guide.md:4: a command in a block that is not marked sh"},
		"another language":             {fenced("bash", "make up"), `guide.md:3: got "bash", want sh`},
		"a block in a list": {
			"1. First:\n\n   ```\n   pulumi up -s sandbox\n   ```\n", "guide.md:4: a command in a block",
		},
	} {
		blocks, wrong := blocksOf("guide.md", test.text)
		for _, b := range blocks {
			wrong = append(wrong, b.wrong(repository(t))...)
		}

		if assert.Len(t, wrong, 1, name) {
			assert.Contains(t, wrong[0], test.says, name)
		}
	}
}

func TestWhatAProgramPrintsIsNoCommand(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		fenced("", "Next:", "  make preview   what another up would change", "making sure"), fenced("yaml", "make: up"),
	} {
		blocks, wrong := blocksOf("guide.md", text)
		assert.Empty(t, blocks)
		assert.Empty(t, wrong)
	}
}

func TestTheCommandsOfABlockAreFoundWhereverTheyAre(t *testing.T) {
	t.Parallel()

	blocks, _ := blocksOf("guide.md", fenced("sh", `key=$(pulumi stack output key) x='a b' # make no`,
		"A=1 \\", `  make up "B=2 c" && pulumi preview --json > plan.json`, "for name in a; do gh x; done"))
	require.Len(t, blocks, 1)

	var lines []string
	for _, c := range blocks[0].commands() {
		lines = append(lines, strings.Repeat("\n", c.line-4)+strings.Join(c.words, " "))
	}

	assert.Subset(t, lines, []string{"pulumi stack output key", "\n\nmake up B=2 c", "\n\npulumi preview --json"})
	assert.True(t, blocks[0].ofPulumi())
	assert.Equal(t, []string{"up"}, blocks[0].targets())
}

func TestACommandThatDoesNotWorkIsNamedWithItsLine(t *testing.T) {
	t.Parallel()

	c := &checkout{t: t}

	for name, test := range map[string]struct{ text, at, says string }{
		"a misspelt setting, typed": {
			fenced("sh", "pulumi config set --stack sandbox --path platform:network.natt single", "pulumi preview -s sandbox"),
			"guide.md:5: pulumi preview", "platform:network.nat?",
		},
		"a misspelt setting of what needs an account": {
			fenced("sh account", "aws sts get-caller-identity",
				"pulumi config set --stack staging --path platform:cluster.versoin 1.36", "pulumi up -s staging"),
			"guide.md:5: pulumi config set", "platform:cluster.version?",
		},
		"what the rehearsal refuses": {
			fenced("sh", "make", "", "make up STACK=production"), "guide.md:6: make up", "one of sandbox, staging",
		},
		"what was to fail, and does not": {
			fenced("sh", "true", "make   # refused: nobody knows why"), "guide.md:5: make", "it was to fail: refused",
		},
		"what needs an account, and does not say so": {
			fenced("sh", "aws sts get-caller-identity"), "guide.md:4: aws sts", "mark the block sh account",
		},
	} {
		blocks, wrong := blocksOf("guide.md", test.text)
		require.Empty(t, wrong, name)
		require.Len(t, blocks, 1, name)

		bringBack := c.keepSettings()
		err := c.run(blocks[0])

		bringBack()
		require.ErrorContains(t, err, test.at, name)
		require.ErrorContains(t, err, test.says, name)
	}
}
