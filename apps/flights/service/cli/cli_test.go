package cli_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/cli"
	"github.com/msur/platform/apps/flights/service/migrations"
)

// run returns the exit code and the output of a command.
func run(t *testing.T, environ []string, args ...string) (int, string) {
	t.Helper()

	var output bytes.Buffer

	code := cli.Program().Run(t.Context(), args, environ, logs.New(&output), &output)

	return code, output.String()
}

func TestWithoutACommandTheCommandsAreListed(t *testing.T) {
	t.Parallel()

	for _, args := range [][]string{{}, {"none"}} {
		code, output := run(t, nil, args...)

		assert.Equal(t, command.Misused, code)
		assert.Regexp(t, `(?s)usage: flights <command>.*serve .*migrate .*seed `, output)
	}
}

func TestAllInvalidVariablesAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	for name, want := range map[string][]string{
		"serve": {"MYSQL_HOST: not set", "MYSQL_USER: not set", "PORT: got", "MYSQL_PASSWORD: not set"},
		"seed":  {"ENVIRONMENT: not set", "MYSQL_HOST: not set", "MYSQL_PASSWORD: not set"},
	} {
		code, output := run(t, []string{"PORT=x"}, name)

		assert.Equal(t, command.Failed, code)

		for _, fault := range want {
			assert.Contains(t, output, fault, name)
		}
	}
}

func TestTheSampleIsInsertedOnceAndOnlyInLocalAndSandbox(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t, "flights", migrations.Database)

	code, output := run(t, server.Environ(), "migrate")
	require.Equal(t, command.Done, code, output)

	empty := filepath.Join(t.TempDir(), "environment")
	require.NoError(t, os.WriteFile(empty, nil, 0o600))

	for variable, want := range map[string]string{
		"ENVIRONMENT=":              "ENVIRONMENT: not set, expected the environment, local or sandbox",
		"ENVIRONMENT=staging":       `ENVIRONMENT: got \"staging\", expected local or sandbox`,
		"ENVIRONMENT=production":    `ENVIRONMENT: got \"production\", expected local or sandbox`,
		"ENVIRONMENT_FILE=" + empty: "ENVIRONMENT",
	} {
		environ := slices.DeleteFunc(server.Environ(), func(one string) bool { return one == "ENVIRONMENT=local" })

		code, output = run(t, append(environ, variable), "seed")
		assert.Equal(t, command.Failed, code, variable)
		assert.Contains(t, output, want)
	}

	admin := server.Open(t, mysqltest.Admin)

	for i, environment := range []string{"local", "sandbox", "sandbox"} {
		var count int
		require.NoError(t, admin.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM flights").Scan(&count))
		assert.Equal(t, min(i, 1)*4, count)

		code, output = run(t, server.Environ("ENVIRONMENT="+environment), "seed")
		assert.Equal(t, command.Done, code, output)
	}
}
