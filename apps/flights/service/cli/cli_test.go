package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/cli"
	"github.com/msur/platform/apps/flights/service/mysqltest"
)

// run runs a command, and returns its exit code with all it says.
func run(t *testing.T, environ []string, args ...string) (int, string) {
	t.Helper()

	var said bytes.Buffer

	code := cli.Program().Run(t.Context(), args, environ, logs.New(&said), &said)

	return code, said.String()
}

func TestWithoutACommandTheyAreListed(t *testing.T) {
	t.Parallel()

	for _, args := range [][]string{{}, {"none"}} {
		code, said := run(t, nil, args...)

		assert.Equal(t, command.Misused, code)
		assert.Regexp(t, `(?s)usage: flights <command>.*serve .*migrate .*seed `, said)
	}
}

func TestACommandTellsAllThatIsWrongWithItsConfiguration(t *testing.T) {
	t.Parallel()

	for name, want := range map[string][]string{
		"serve":   {"MYSQL_HOST: got nothing", "MYSQL_USER: got nothing", "PORT: got", "MYSQL_PASSWORD: got nothing"},
		"migrate": {"MYSQL_HOST: got nothing", "MYSQL_ADMIN_USER: got nothing", "MYSQL_ADMIN_PASSWORD: got nothing"},
		"seed":    {"ENVIRONMENT: got nothing", "MYSQL_HOST: got nothing", "MYSQL_PASSWORD: got nothing"},
	} {
		code, said := run(t, []string{"PORT=x"}, name)

		assert.Equal(t, command.Failed, code)

		for _, fault := range want {
			assert.Contains(t, said, fault, name)
		}
	}
}

func TestTheSampleIsPutInOnceAndOnlyWhereItIsTriedOut(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t)

	code, said := run(t, server.Environ(), "migrate")
	require.Equal(t, command.Done, code, said)

	empty := filepath.Join(t.TempDir(), "environment")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))

	for variable, want := range map[string]string{
		"ENVIRONMENT=":              "ENVIRONMENT: got nothing, want the environment, local or sandbox",
		"ENVIRONMENT=staging":       `ENVIRONMENT: got \"staging\", want local or sandbox`,
		"ENVIRONMENT=production":    `ENVIRONMENT: got \"production\", want local or sandbox`,
		"ENVIRONMENT_FILE=" + empty: "ENVIRONMENT",
	} {
		environ := slices.DeleteFunc(server.Environ(), func(one string) bool { return one == "ENVIRONMENT=local" })

		code, said = run(t, append(environ, variable), "seed")
		assert.Equal(t, command.Failed, code, variable)
		assert.Contains(t, said, want)
	}

	admin := server.Open(t, mysqltest.Admin)

	for i, environment := range []string{"local", "sandbox", "sandbox"} {
		var count int
		require.NoError(t, admin.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM flights").Scan(&count))
		assert.Equal(t, min(i, 1)*4, count)

		code, said = run(t, server.Environ("ENVIRONMENT="+environment), "seed")
		assert.Equal(t, command.Done, code, said)
	}
}
