package cli_test

import (
	"bytes"
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
		"seed":  {"MYSQL_HOST: not set", "MYSQL_PASSWORD: not set"},
	} {
		code, output := run(t, []string{"PORT=x"}, name)

		assert.Equal(t, command.Failed, code)

		for _, fault := range want {
			assert.Contains(t, output, fault, name)
		}
	}
}

func TestTheSampleIsInsertedOnceAndNotBesideOtherFlights(t *testing.T) {
	t.Parallel()

	server := mysqltest.Real(t, "flights", migrations.Database)

	code, output := run(t, server.Environ(), "migrate")
	require.Equal(t, command.Done, code, output)

	admin := server.Open(t, mysqltest.Admin)

	for i := range 2 {
		var count int
		require.NoError(t, admin.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM flights").Scan(&count))
		assert.Equal(t, i*4, count)

		code, output = run(t, server.Environ(), "seed")
		assert.Equal(t, command.Done, code, output)
	}

	for _, other := range []string{
		"INSERT INTO flights VALUES ('0c9c9d5e-3f53-4e3c-a0f2-6d0f2f9a7b44', 'AA2532', '2026-12-01 09:00:00')",
		"INSERT INTO seat_maps VALUES ('XY1', '{}', 'LAX', 'DCA')",
	} {
		_, err := admin.ExecContext(t.Context(), "DELETE FROM flights")
		require.NoError(t, err)
		_, err = admin.ExecContext(t.Context(), other)
		require.NoError(t, err)

		code, output = run(t, server.Environ(), "seed")
		assert.Equal(t, command.Failed, code, other)
		assert.Contains(t, output, "flights that are not from the sample")

		var sample int
		require.NoError(t, admin.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM flights "+
			"WHERE flight_id = 'edcc03a4-7f4e-40d1-898d-bf84a266f1b9'").Scan(&sample))
		assert.Zero(t, sample)
	}
}
