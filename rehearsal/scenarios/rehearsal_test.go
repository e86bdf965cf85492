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

// rehearsal is a rehearsal in temporary folders, with the tools that `make rehearsal` builds.
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

// builds has the binaries of projects, which are built once in a run of the tests.
var builds sync.Map

// built returns the binary of a project's program.
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

// repository returns the folder of the checkout.
func repository(t *testing.T) string {
	t.Helper()

	folder, err := filepath.Abs("../..")
	require.NoError(t, err)

	return folder
}

// need skips the test, or fails it in CI, if a tool is missing.
func need(t *testing.T, tool, command string) {
	t.Helper()

	if _, err := os.Stat(tool); err != nil {
		lackf(t, "%s is missing: run %s", tool, command)
	}
}

// lackf skips the test, or fails it in CI.
func lackf(t *testing.T, format string, args ...any) {
	t.Helper()

	if os.Getenv("CI") == "true" {
		t.Fatalf("CI=true forbids skipping: "+format, args...)
	}

	t.Skipf(format, args...)
}

// config is the settings in a stack file, or a section of them.
type config map[string]any

// object returns the section with the keys.
func (c config) object(keys ...string) config {
	for _, key := range keys {
		inner, ok := c[key].(config)
		if !ok {
			panic("the stack file has no section " + key)
		}

		c = inner
	}

	return c
}

// configure makes the rehearsal use a copy of the stack file with the edits.
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

// run runs a command and returns its output.
func (r *rehearsal) run(command string) (string, error) {
	r.t.Helper()
	r.printed.Reset()

	err := launcher.Run(r.t.Context(), r.options, command)

	return r.printed.String(), err
}

// must runs a command that must succeed.
func (r *rehearsal) must(command string) string {
	r.t.Helper()

	printed, err := r.run(command)
	require.NoError(r.t, err, "%s of %s:\n%s", command, r.options.Stack, printed)

	return printed
}

// report reads the report of the last up, preview or destroy.
func (r *rehearsal) report() *report.Report {
	r.t.Helper()

	written, err := report.Read(filepath.Join(r.options.Folders.Out, r.options.Stack, "report.json"))
	require.NoError(r.t, err)
	assert.Equal(r.t, r.options.Stack, written.Stack)

	return written
}

// changes returns the number of changes of each kind in the last report.
func (r *rehearsal) changes() map[string]int {
	r.t.Helper()

	return r.report().Changes
}

// open opens a session between two runs, and returns it with the function that closes it.
func (r *rehearsal) open() (*launcher.Session, func()) {
	r.t.Helper()

	session, err := launcher.Open(r.options)
	require.NoError(r.t, err)

	return session, func() { assert.NoError(r.t, session.Close()) }
}

// inspect returns the state and the account, and asserts that the account has nothing that the state lacks.
func (r *rehearsal) inspect() (*state.State, []account.Resource) {
	r.t.Helper()

	session, end := r.open()
	defer end()

	known, err := session.State()
	require.NoError(r.t, err)

	orphans, err := session.Orphans()
	require.NoError(r.t, err)
	assert.Empty(r.t, orphans, "resources in the account that are not in the state")

	return known, session.Account().Resources()
}

// change changes the account, without the engine.
func (r *rehearsal) change(by func(*account.Transaction)) {
	r.t.Helper()

	session, end := r.open()
	defer end()

	require.NoError(r.t, session.Account().Change(func(transaction *account.Transaction) error {
		by(transaction)

		return nil
	}))
}

// byHand changes the resources of a type in the account, without the engine.
func (r *rehearsal) byHand(resourceType string, change func(properties map[string]any)) {
	r.t.Helper()
	r.change(func(transaction *account.Transaction) {
		for _, held := range transaction.Find(func(h account.Resource) bool { return h.Type == resourceType }) {
			change(held.Inputs)
			change(held.Outputs)
			transaction.Put(held)
		}
	})
}

// deleteByHand deletes resources from the account, without the engine.
func (r *rehearsal) deleteByHand(meant func(account.Resource) bool) {
	r.t.Helper()
	r.change(func(transaction *account.Transaction) {
		for _, held := range transaction.Find(meant) {
			transaction.Delete(held.Key)
		}
	})
}

// gone asserts that the state is empty, and that the account contains only leftovers of AWS services.
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
