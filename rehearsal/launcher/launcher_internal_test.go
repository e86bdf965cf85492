package launcher

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheCopyOfAStackFileHoldsNoForeignKeyAndKeepsItsOwnSalt(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	source, target := filepath.Join(folder, "source.yaml"), filepath.Join(folder, "target.yaml")

	write(t, source, "secretsprovider: awskms://alias/x\nencryptedkey: abc\nencryptionsalt: v1:theirs\n"+
		"config:\n  a:b: c\n")
	require.NoError(t, copyStackFile(source, target))
	assert.YAMLEq(t, "config: {'a:b': c}", read(t, target))

	write(t, target, read(t, target)+"encryptionsalt: v1:ours\n")
	write(t, source, "config:\n  a:b: d\n")
	require.NoError(t, copyStackFile(source, target))
	assert.YAMLEq(t, "{encryptionsalt: 'v1:ours', config: {'a:b': d}}", read(t, target))

	require.ErrorContains(t, copyStackFile(filepath.Join(folder, "none.yaml"), target), "none.yaml")
}

func TestOneRehearsalAtATime(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "lock")

	held, err := lock(path)
	require.NoError(t, err)

	_, err = lock(path)
	require.ErrorContains(t, err, "another rehearsal")

	require.NoError(t, held.Close())

	again, err := lock(path)
	require.NoError(t, err)
	require.NoError(t, again.Close())
}

func TestTheEngineKnowsNothingOfRealAccounts(t *testing.T) {
	t.Parallel()

	environment := engineEnvironment(ProjectFolders("/p"), "sandbox", "aws:1", []string{
		"HOME=/h", "PATH=/usr/bin", "AWS_PROFILE=prod", "AWS_SECRET_ACCESS_KEY=x", "PULUMI_ACCESS_TOKEN=y",
		"PULUMI_BACKEND_URL=s3://state",
	})

	assert.Contains(t, environment, "HOME=/h")
	assert.Equal(t, "/p/.rehearsal/bin:/usr/bin", pathOf(environment))
	assert.Contains(t, environment, "PULUMI_BACKEND_URL=file:///p/.rehearsal/state")

	for _, variable := range environment {
		assert.NotContains(t, variable, "AWS_")
		assert.NotContains(t, variable, "ACCESS_TOKEN")
		assert.NotContains(t, variable, "s3://")
	}
}

func TestStackFlag(t *testing.T) {
	t.Parallel()

	tests := map[string][]string{
		"":        {"preview", "--diff"},
		"staging": {"up", "-s", "staging"},
		"sandbox": {"up", "--stack=sandbox", "--yes"},
		"other":   {"--stack", "other", "preview"},
	}
	for want, args := range tests {
		assert.Equal(t, want, stackFlag(args), "%v", args)
	}

	assert.Empty(t, stackFlag([]string{"up", "-s"}))
}

func TestTheShellRefusesWhatWouldTakeOrSaltStackFiles(t *testing.T) {
	t.Parallel()

	refused := [][]string{
		{"stack", "rm"},
		{"stack", "--yes", "rm", "x"},
		{"-s", "x", "stack", "rm"},
		{"stack", "init", "y"},
		{"config", "set", "--secret", "a", "b"},
	}
	for _, line := range refused {
		require.Error(t, refuse(line), "%v", line)
	}

	for _, line := range [][]string{{"stack", "output"}, {"config", "set", "a", "b"}, {"up"}, {"preview", "--diff"}, {}} {
		require.NoError(t, refuse(line), "%v", line)
	}
}

func TestOperationsWorkOnTheCopyAndSettingsOnTheCheckout(t *testing.T) {
	t.Parallel()

	for _, line := range [][]string{{"up", "-s", "x"}, {"--stack", "x", "preview", "--diff"}, {"destroy", "--yes"}} {
		assert.True(t, takesConfigFile(line), "%v", line)
	}

	for _, line := range [][]string{{"config", "set", "a", "b"}, {"stack", "output"}, {"version"}, {}} {
		assert.False(t, takesConfigFile(line), "%v", line)
	}
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
