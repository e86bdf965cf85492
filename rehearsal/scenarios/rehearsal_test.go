package scenarios_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/msur/platform/rehearsal/language"
	"github.com/msur/platform/rehearsal/launcher"
	"github.com/msur/platform/rehearsal/report"
	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/state"
)

// rehearsal is a rehearsal in folders of its own, with the tools that `make rehearsal` built.
type rehearsal struct {
	t       *testing.T
	options launcher.Options
	printed bytes.Buffer
}

// rehearse prepares a rehearsal of a project's stack.
func rehearse(t *testing.T, project, stack string) *rehearsal {
	t.Helper()

	bin := filepath.Join(repository(t), ".rehearsal", "bin")

	tools := []string{"pulumi-language-go", "rehearsal"}
	if os.Getenv("PULUMI") == "" {
		tools = append(tools, "pulumi")
	}

	for _, tool := range tools {
		need(t, filepath.Join(bin, tool), "make rehearsal")
	}

	r := &rehearsal{t: t}
	r.options = launcher.Options{
		Folders:     launcher.Folders{Project: project, Base: t.TempDir(), Bin: bin, Out: t.TempDir()},
		Stack:       stack,
		Built:       built(t, project, bin),
		CLI:         os.Getenv("PULUMI"),
		Environment: os.Environ(),
		Stdin:       strings.NewReader(""),
		Stdout:      &r.printed,
		Stderr:      &r.printed,
	}

	return r
}

// builds keeps the binaries of projects: what Go says of staleness holds for the whole run of the tests.
var builds sync.Map

// built returns the binary of a project's program, which it builds once.
func built(t *testing.T, project, bin string) string {
	t.Helper()

	program := project
	if project == repository(t) {
		program = filepath.Join(project, "infra")
	}

	build, _ := builds.LoadOrStore(program, sync.OnceValues(func() (string, error) {
		return language.Build(context.Background(), program, filepath.Join(bin, language.ProgramsFolder), os.Stderr)
	}))

	binary, err := build.(func() (string, error))()
	require.NoError(t, err)

	return binary
}

// repository is the folder of the checkout.
func repository(t *testing.T) string {
	t.Helper()

	folder, err := filepath.Abs("../..")
	require.NoError(t, err)

	return folder
}

// need skips the test where a tool is missing; in CI that is a failure.
func need(t *testing.T, tool, how string) {
	t.Helper()

	if _, err := os.Stat(tool); err != nil {
		lackf(t, "no %s: %s makes it", tool, how)
	}
}

// lackf skips the test, or fails it in CI.
func lackf(t *testing.T, format string, args ...any) {
	t.Helper()

	if os.Getenv("CI") == "true" {
		t.Fatalf("skipped, which CI=true forbids: "+format, args...)
	}

	t.Skipf(format, args...)
}

// config is what a stack file holds under config.
type config map[string]any

// object returns the settings of a section, or those one level down.
func (c config) object(keys ...string) config {
	for _, key := range keys {
		inner, is := c[key].(config)
		if !is {
			panic(key + " is no object: the stack file has changed its form")
		}

		c = inner
	}

	return c
}

// configure changes a copy of the stack's file, and rehearses that.
func (r *rehearsal) configure(edits ...func(config)) {
	r.t.Helper()

	name := "Pulumi." + r.options.Stack + ".yaml"
	text, err := os.ReadFile(filepath.Join(r.options.Folders.Project, name))
	require.NoError(r.t, err)

	var file config
	require.NoError(r.t, yaml.Unmarshal(text, &file))

	for _, edit := range edits {
		edit(file.object("config"))
	}

	text, err = yaml.Marshal(file)
	require.NoError(r.t, err)

	r.options.StackFile = filepath.Join(r.t.TempDir(), name)
	require.NoError(r.t, os.WriteFile(r.options.StackFile, text, 0o600))
}

// run carries out a command and returns what it printed.
func (r *rehearsal) run(command string) (string, error) {
	r.t.Helper()
	r.printed.Reset()

	err := launcher.Run(r.t.Context(), r.options, command)

	return r.printed.String(), err
}

// must carries out a command that has to succeed.
func (r *rehearsal) must(command string) string {
	r.t.Helper()

	printed, err := r.run(command)
	require.NoError(r.t, err, "%s of %s:\n%s", command, r.options.Stack, printed)

	return printed
}

// report reads that of the last up, preview or destroy.
func (r *rehearsal) report() *report.Report {
	r.t.Helper()

	written, err := report.Read(filepath.Join(r.options.Folders.Out, r.options.Stack, "report.json"))
	require.NoError(r.t, err)
	assert.Equal(r.t, r.options.Stack, written.Stack)

	return written
}

// changes returns what the last operation changed, by its report.
func (r *rehearsal) changes() map[string]int {
	r.t.Helper()

	return r.report().Changes
}

// open begins a session between two runs, which ends with the function that it returns.
func (r *rehearsal) open() (*launcher.Session, func()) {
	r.t.Helper()

	session, err := launcher.Open(r.options)
	require.NoError(r.t, err)

	return session, func() { assert.NoError(r.t, session.Close()) }
}

// inspect looks at state and account between two runs.
func (r *rehearsal) inspect() (*state.State, []account.Resource) {
	r.t.Helper()

	session, end := r.open()
	defer end()

	known, err := session.State()
	require.NoError(r.t, err)

	orphans, err := session.Orphans()
	require.NoError(r.t, err)
	assert.Empty(r.t, orphans, "the account holds what the state does not know")

	return known, session.Account().Resources()
}

// byHand changes what the account holds of a type, behind the engine's back.
func (r *rehearsal) byHand(resourceType string, change func(properties map[string]any)) {
	r.t.Helper()

	session, end := r.open()
	defer end()

	require.NoError(r.t, session.Account().Change(func(transaction *account.Transaction) error {
		for _, held := range transaction.Find(func(h account.Resource) bool { return h.Type == resourceType }) {
			change(held.Inputs)
			change(held.Outputs)
			transaction.Put(held)
		}

		return nil
	}))
}

// gone asserts that the state holds nothing, and the account only what its services have left behind.
func (r *rehearsal) gone() {
	r.t.Helper()

	known, held := r.inspect()
	assert.Empty(r.t, known.Resources, "the state is empty")
	assert.Empty(r.t, slices.DeleteFunc(held, account.Resource.IsLeftover), "the account is empty")
}

// outputs returns the names of the stack's outputs.
func outputs(known *state.State) []string {
	var names []string

	for _, r := range known.Resources {
		if r.Type == "pulumi:pulumi:Stack" {
			for name := range r.Outputs {
				names = append(names, name)
			}
		}
	}

	slices.Sort(names)

	return names
}
