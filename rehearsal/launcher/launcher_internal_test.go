package launcher

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

func TestACopiedStackFileKeepsItsOwnEncryption(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	source, target := filepath.Join(folder, "source.yaml"), filepath.Join(folder, "target.yaml")

	write(t, source, "secretsprovider: awskms://alias/x\nencryptedkey: abc\nencryptionsalt: v1:source\n"+
		"config:\n  a:b: c\n")
	require.NoError(t, copyStackFile(source, target))
	assert.YAMLEq(t, "config: {'a:b': c}", read(t, target))

	write(t, target, read(t, target)+"encryptionsalt: v1:target\n")
	write(t, source, "config:\n  a:b: d\n")
	require.NoError(t, copyStackFile(source, target))
	assert.YAMLEq(t, "{encryptionsalt: 'v1:target', config: {'a:b': d}}", read(t, target))

	require.ErrorContains(t, copyStackFile(filepath.Join(folder, "none.yaml"), target), "none.yaml")
}

func TestTheCopyOfADeletedStackFileIsDeleted(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	for _, file := range []string{"Pulumi.yaml", "Pulumi.kept.yaml", "Pulumi.gone.yaml"} {
		write(t, filepath.Join(folder, file), "name: x\n")
	}

	require.NoError(t, removeStackFiles(folder, []string{"kept"}))

	assert.FileExists(t, filepath.Join(folder, "Pulumi.yaml"))
	assert.FileExists(t, filepath.Join(folder, "Pulumi.kept.yaml"))
	assert.NoFileExists(t, filepath.Join(folder, "Pulumi.gone.yaml"))
}

func TestASecondRehearsalIsRefused(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "lock")
	silent := func(string, ...any) { assert.Fail(t, "lock must not wait") }

	held, err := lock(path, silent)
	require.NoError(t, err)

	_, err = lock(path, silent)
	require.ErrorContains(t, err, strconv.Itoa(os.Getpid()), "the running process")

	// Child processes have the file open, but do not hold the lock.
	other := exec.CommandContext(t.Context(), "sleep", "60")
	other.ExtraFiles = []*os.File{held}
	require.NoError(t, other.Start())

	require.NoError(t, unlock(held))

	again, err := lock(path, silent)
	require.NoError(t, err)
	require.NoError(t, unlock(again))
	require.NoError(t, other.Process.Kill())
	require.Error(t, other.Wait(), "the process was killed")
}

func TestALockWaitsForTheProcessesOfAKilledRehearsal(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "lock")

	held, err := lock(path, nil)
	require.NoError(t, err)

	killed := exec.CommandContext(t.Context(), "true")
	require.NoError(t, killed.Run())
	write(t, path, strconv.Itoa(killed.Process.Pid))

	notices := 0
	taken, err := lock(path, func(string, ...any) {
		notices++

		assert.NoError(t, unlock(held))
	})
	require.NoError(t, err)
	assert.Equal(t, 1, notices, "notices to the user")
	require.NoError(t, unlock(taken))
}

func TestTheEngineGetsNoSettingsOfRealAccounts(t *testing.T) {
	t.Parallel()

	environment := engineEnvironment(ProjectFolders("/p"), "sandbox", "aws:1", "http://127.0.0.1:2", []string{
		"HOME=/h", "PATH=/usr/bin", "https_proxy=http://else.where", "NO_PROXY=else.where",
		"AWS_PROFILE=prod", "AWS_SECRET_ACCESS_KEY=x", "PULUMI_ACCESS_TOKEN=y",
		"PULUMI_BACKEND_URL=s3://state", "REHEARSAL_BUILT=/else/where", "KUBECONFIG=/h/.kube/config",
	})

	assert.Contains(t, environment, "HOME=/h")
	assert.Equal(t, "/p/.rehearsal/tools:/p/.rehearsal/bin:/usr/bin", variable(environment, "PATH"))
	assert.Equal(t, "http://127.0.0.1:2", variable(environment, "HTTPS_PROXY"))
	assert.Contains(t, environment, "PULUMI_BACKEND_URL=file:///p/.rehearsal/state")

	assert.Equal(t, "/dev/null", variable(environment, "KUBECONFIG"))
	assert.Equal(t, "/dev/null", variable(environment, "AWS_CONFIG_FILE"))

	for _, entry := range environment {
		for _, foreign := range []string{"prod", "ACCESS", "s3://", "else"} {
			assert.NotContains(t, entry, foreign)
		}
	}
}

func TestASweepKeepsKnownResourcesAndThoseOfTheAccount(t *testing.T) {
	t.Parallel()

	s := newTestSession(t, true)
	s.options.Stdout = io.Discard

	put := func(id, owner, urn string) account.Resource {
		return account.Resource{Key: account.Key{Type: "a:b:C", ID: id}, Owner: owner, OwnerType: "a:b:C", URN: urn}
	}

	require.NoError(t, s.account.Change(func(transaction *account.Transaction) error {
		transaction.Put(put("known", "", "urn:pulumi:s::p::a:b:C::known"))
		transaction.Put(put("group", "known", "urn:pulumi:s::p::a:b:C::group"))
		transaction.Put(put("part", "1", ""))
		transaction.Put(put("elsewhere", "", "urn:pulumi:other::p::a:b:C::elsewhere"))

		return nil
	}))

	require.NoError(t, os.MkdirAll(filepath.Dir(s.checkpointFile()), 0o700))
	write(t, s.checkpointFile(), `{"checkpoint": {"latest": {"resources": [
		{"urn": "urn:pulumi:s::p::a:b:C::known", "type": "a:b:C", "id": "known"}]}}}`)

	require.NoError(t, s.sweep())

	remaining := make(map[string]string)
	for _, held := range s.account.Resources() {
		remaining[held.ID] = held.URN
	}

	assert.Equal(t, map[string]string{
		"known":     "urn:pulumi:s::p::a:b:C::known",
		"group":     "",
		"elsewhere": "urn:pulumi:other::p::a:b:C::elsewhere",
	}, remaining)
}

func TestTheStackOptionIsFoundInArguments(t *testing.T) {
	t.Parallel()

	tests := map[string][]string{
		"":        {"preview", "--diff"},
		"staging": {"up", "-s", "staging"},
		"sandbox": {"up", "--stack=sandbox", "--yes"},
		"other":   {"--color", "never", "--stack", "other", "preview"},
	}
	for want, args := range tests {
		assert.Equal(t, want, stackOption(args), "%v", args)
	}

	assert.Empty(t, stackOption([]string{"up", "-s"}))
}

func TestOnlyCommandsThatChangeSettingsUseTheCheckout(t *testing.T) {
	t.Parallel()

	for _, line := range [][]string{
		{"config", "set", "a", "b"},
		{"config", "rm", "--path", "a.b"},
		{"--color", "never", "config", "--stack", "x", "set", "a", "b"},
	} {
		assert.True(t, changesSettings(line), "%v", line)
	}

	for _, line := range [][]string{
		{"up", "-s", "x"}, {"config"}, {"config", "get", "a"}, {"config", "refresh"}, {"stack", "rm"}, {},
	} {
		assert.False(t, changesSettings(line), "%v", line)
	}
}

func TestThePulumiOfAShellIsRefusedOutsideOfIt(t *testing.T) {
	t.Parallel()

	options := Options{Folders: ProjectFolders(t.TempDir()), Stack: "sandbox"}
	require.ErrorContains(t, Exec(t.Context(), options, []string{"up"}), "make shell")
}

func TestAProjectIsReadFromAFolderWithAnyName(t *testing.T) {
	t.Parallel()

	folder := filepath.Join(t.TempDir(), "it's [a] folder *")
	require.NoError(t, os.Mkdir(folder, 0o700))
	write(t, filepath.Join(folder, "Pulumi.yaml"), "name: p\nruntime: go\nmain: infra\n")
	write(t, filepath.Join(folder, "Pulumi.one.yaml"), "config: {}\n")
	write(t, filepath.Join(folder, "Pulumi.two.yaml"), "config: {}\n")

	read, err := readProject(folder)
	require.NoError(t, err)
	assert.Equal(t, project{
		name: "p", program: filepath.Join(folder, "infra"), stacks: []string{"one", "two"},
		content: map[string]any{"name": "p", "runtime": "go", "main": "infra"},
	}, read)
	assert.Equal(t, `'it'\''s'`, quoted("it's"))
}

func write(t *testing.T, path, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
}

func read(t *testing.T, path string) string {
	t.Helper()

	text, err := os.ReadFile(path)
	require.NoError(t, err)

	return string(text)
}

func TestAnInvalidReportOrAssumptionStopsARunBeforeItStarts(t *testing.T) {
	t.Parallel()

	known := project{stacks: []string{"s"}}

	_, err := newSession(Options{Stack: "s", Base: t.TempDir() + "/none.json"}, known)
	require.ErrorContains(t, err, "BASE")

	_, err = newSession(Options{Stack: "s", Assume: "coffee=3"}, known)
	require.ErrorContains(t, err, "ASSUME")

	_, err = newSession(Options{Stack: "s"}, known)
	require.NoError(t, err)
}
