package policy_test

import (
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rhysd/actionlint"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/tools/ci/policy"
)

const root = "../../.."

func read(t *testing.T, file ...string) string {
	t.Helper()

	content, err := os.ReadFile(filepath.Join(append([]string{root}, file...)...))
	require.NoError(t, err)

	return string(content)
}

// workflows returns the content of each workflow, by file name.
func workflows(t *testing.T) map[string]string {
	t.Helper()

	files, err := filepath.Glob(filepath.Join(root, ".github", "workflows", "*"))
	require.NoError(t, err)
	require.NotEmpty(t, files)

	texts := make(map[string]string)
	for _, file := range files {
		texts[filepath.Base(file)] = read(t, ".github", "workflows", filepath.Base(file))
	}

	return texts
}

func TestEveryWorkflowFollowsThePolicy(t *testing.T) {
	t.Parallel()

	for file, text := range workflows(t) {
		assert.NoError(t, policy.Check([]byte(text)), file)
	}
}

func TestWorkflowsPassActionlint(t *testing.T) {
	t.Parallel()

	linter, err := actionlint.NewLinter(io.Discard, &actionlint.LinterOptions{})
	require.NoError(t, err)

	project, err := actionlint.NewProject(root)
	require.NoError(t, err)

	for file, text := range workflows(t) {
		problems, err := linter.Lint(filepath.Join(root, ".github", "workflows", file), []byte(text), project)
		require.NoError(t, err)
		assert.Empty(t, problems, file)
	}
}

func TestEachActionIsPinnedToOneCommitAndVersion(t *testing.T) {
	t.Parallel()

	pins := make(map[string]string)

	for file, text := range workflows(t) {
		for _, found := range regexp.MustCompile(`uses: ([^@\n]+)@(.*)`).FindAllStringSubmatch(text, -1) {
			if pins[found[1]] == "" {
				pins[found[1]] = found[2]
			}

			assert.Equal(t, pins[found[1]], found[2], "%s in %s", found[1], file)
		}
	}
}

func TestWorkflowsRunExistingTargetsAndScripts(t *testing.T) {
	t.Parallel()

	makefile := read(t, "Makefile")

	for file, text := range workflows(t) {
		for _, found := range regexp.MustCompile(`run: (?:make ([a-z0-9]+)|(tools/.+))`).FindAllStringSubmatch(text, -1) {
			if found[1] != "" {
				assert.Regexp(t, `(?m)^`+found[1]+`: `, makefile, file)

				continue
			}

			script, err := os.Stat(filepath.Join(root, found[2]))
			require.NoError(t, err, file)
			assert.NotZero(t, script.Mode()&0o100, "%s in %s must be executable", found[2], file)
		}
	}
}

func TestTheReadmeDescribesTheVariablesOfTheWorkflows(t *testing.T) {
	t.Parallel()

	var used, described []string

	for _, text := range workflows(t) {
		for _, found := range regexp.MustCompile(`vars\.([A-Z_]+)`).FindAllStringSubmatch(text, -1) {
			used = append(used, found[1])
		}
	}

	row, table := regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|"), read(t, ".github", "README.md")
	for _, found := range row.FindAllStringSubmatch(table, -1) {
		described = append(described, found[1])
	}

	assert.Subset(t, described, used)
	assert.Subset(t, used, described)
}

func TestWorkflowsUseTheRehearsedPulumiCLI(t *testing.T) {
	t.Parallel()

	module := regexp.MustCompile(`github\.com/pulumi/pulumi/pkg/v3 v(\S+)`)
	version := module.FindStringSubmatch(read(t, "tools", "pins", "pulumi", "go.mod"))
	require.Len(t, version, 2)

	for file, text := range workflows(t) {
		uses, pins := strings.Count(text, "uses: pulumi/actions@"), strings.Count(text, "pulumi-version: "+version[1]+"\n")
		assert.Equal(t, uses, pins, file)
	}
}

// Digests have a workflow of their own because a service's new digest is committed after the merge.
func TestWorkflowsRunTheTargetsOfMakeCI(t *testing.T) {
	t.Parallel()

	makefile, checks := read(t, "Makefile"), workflows(t)["checks.yml"]+workflows(t)["digests.yml"]

	first := regexp.MustCompile(`(?m)^ci: ([a-z0-9 ]+) ##`).FindStringSubmatch(makefile)
	require.Len(t, first, 2)

	_, recipe, _ := strings.Cut(makefile, first[0])
	recipe, _, _ = strings.Cut(recipe, "\n\n")

	targets, calls := strings.Fields(first[1]), regexp.MustCompile(`\$\(MAKE\) --no-print-directory ([a-z0-9]+)`)
	for _, found := range calls.FindAllStringSubmatch(recipe, -1) {
		targets = append(targets, found[1])
	}

	assert.Contains(t, targets, "round")

	for _, target := range targets {
		assert.Contains(t, checks, "run: make "+target+"\n")
	}
}

// The script leaves newer sources to their own run, so both must agree on what the sources are.
func TestDeliverImagesKnowsThePathsThatStartImages(t *testing.T) {
	t.Parallel()

	_, paths, _ := strings.Cut(workflows(t)["images.yml"], "paths:\n")
	paths, _, _ = strings.Cut(paths, "\n\n")

	found := regexp.MustCompile(`- "(.+)"`).FindAllStringSubmatch(paths, -1)
	require.NotEmpty(t, found)

	script := read(t, "tools", "ci", "deliver-images.sh")
	for _, path := range found {
		assert.Contains(t, script, "':(glob)"+path[1]+"'")
	}

	assert.Equal(t, len(found), strings.Count(script, ":(glob)"))
}

// Checks run unreviewed code, which must not get a token that can write.
func TestAJobOfChecksThatMayWriteRunsNoCode(t *testing.T) {
	t.Parallel()

	workflow, problems := actionlint.Parse([]byte(workflows(t)["checks.yml"]))
	require.Empty(t, problems)

	var writers []string

	for name, job := range workflow.Jobs {
		for _, scope := range job.Permissions.Scopes {
			if scope.Value.Value != "write" {
				continue
			}

			writers = append(writers, name+": "+scope.Name.Value)

			for _, step := range job.Steps {
				action, ok := step.Exec.(*actionlint.ExecAction)
				require.True(t, ok, "%s has a script", name)
				assert.NotContains(t, action.Uses.Value, "actions/checkout@", name)
			}
		}
	}

	assert.Equal(t, []string{"scanning: security-events"}, writers)
}

// The workflow that comments starts after the workflow with this name.
func TestCommentsFollowChecks(t *testing.T) {
	t.Parallel()

	texts := workflows(t)
	assert.Contains(t, texts["checks.yml"], "\nname: Checks\n")
	assert.Contains(t, texts["comment.yml"], "\n    workflows: [Checks]\n")
}

// An environment that is created later must not need a change of a workflow.
func TestWorkflowsNameNoEnvironment(t *testing.T) {
	t.Parallel()

	stacks, err := filepath.Glob(filepath.Join(root, "Pulumi.*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, stacks)

	for file, text := range workflows(t) {
		for _, stack := range stacks {
			name := strings.Split(filepath.Base(stack), ".")[1]
			assert.NotRegexp(t, `\b`+name+`\b`, text, file)
		}
	}
}

// Without the event, a merge queue would wait for the required check until it gives up. A job that the required one
// does not need could fail unnoticed.
func TestTheRequiredCheckCoversAllChecksInTheMergeQueue(t *testing.T) {
	t.Parallel()

	workflow, problems := actionlint.Parse([]byte(workflows(t)["checks.yml"]))
	require.Empty(t, problems)

	var events, needed []string
	for _, event := range workflow.On {
		events = append(events, event.EventName())
	}

	assert.Subset(t, events, []string{"pull_request", "merge_group"})

	required := workflow.Jobs["passed"]
	require.Equal(t, "always()", required.If.Value, "a skipped job counts as a success")

	step, runs := required.Steps[len(required.Steps)-1].Exec.(*actionlint.ExecRun)
	require.True(t, runs)
	assert.Equal(t, "tools/ci/require-success.sh", step.Run.Value)

	for _, job := range required.Needs {
		needed = append(needed, job.Value)
	}

	assert.ElementsMatch(t, slices.Collect(maps.Keys(workflow.Jobs)), append(needed, "passed"))
}
