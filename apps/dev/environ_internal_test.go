package main

import (
	"net"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/dev/chart"
	"github.com/msur/platform/apps/dev/stores"
)

func TestVariablesOfAService(t *testing.T) {
	t.Parallel()

	found, err := chart.Services("..")
	require.NoError(t, err)

	for name, test := range map[string]struct {
		caller []string
		has    []string
		hasNot []string
	}{
		"embedded store": {
			has: []string{
				"MYSQL_TLS=off", "MYSQL_PASSWORD=local", "MYSQL_AUTH=password", "MYSQL_USER=flights",
				"LISTEN_ADDRESS=127.0.0.1", "PORT=0",
			},
		},
		"real store": {
			caller: []string{"MYSQL_HOST=db.example", "MYSQL_PASSWORD=hunter2", "MYSQL_USER_FILE=/user"},
			has:    []string{"MYSQL_HOST=db.example", "MYSQL_PASSWORD=hunter2", "MYSQL_USER_FILE=/user", "MYSQL_TLS=on"},
			hasNot: []string{"MYSQL_USER=flights"},
		},
		"real store whose host is a file": {
			caller: []string{"MYSQL_HOST_FILE=/host"},
			has:    []string{"MYSQL_HOST_FILE=/host"},
			hasNot: []string{"MYSQL_HOST=Instance-database-instance"},
		},
		"real store without TLS": {
			caller: []string{"MYSQL_HOST=db.example", "MYSQL_TLS=off"},
			has:    []string{"MYSQL_TLS=off"},
			hasNot: []string{"MYSQL_TLS=on"},
		},
		"variables that do not apply": {
			caller: []string{
				"MYSQL_PASSWORD_FILE=/password", "ADMIN_SECRET_ARN=arn", "MYSQL_HOST=", "MYSQL_HOSTNAME=x", "REDIS_PWD=x",
				"PORT_FILE=/port", "LISTEN_ADDRESS=0.0.0.0", "HOME=/home",
			},
			has: []string{"MYSQL_PASSWORD=local", "MYSQL_HOST=127.0.0.1", "LISTEN_ADDRESS=127.0.0.1", "HOME=/home"},
			hasNot: []string{
				"MYSQL_PASSWORD_FILE=/password", "ADMIN_SECRET_ARN=arn", "MYSQL_HOSTNAME=x", "REDIS_PWD=x", "PORT_FILE=/port",
				"LISTEN_ADDRESS=0.0.0.0",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			opened, err := stores.Open(test.caller)
			require.NoError(t, err)

			flights := found[slices.IndexFunc(found, func(s chart.Service) bool { return s.Name == "flights" })]
			run, err := flights.Render(opened)
			require.NoError(t, err)

			for _, command := range []chart.Command{run.Serve, run.Migrate} {
				got := environ(test.caller, command.Environ, opened["mysql"].Variables)
				assert.Subset(t, got, test.has, "%s", command.Args)

				for _, one := range test.hasNot {
					assert.NotContains(t, got, one, "%s", command.Args)
				}
			}
		})
	}
}

func TestTheDefaultPortIs9080(t *testing.T) {
	t.Parallel()

	listener, err := listen(t.Context(), "")
	if err != nil {
		require.ErrorContains(t, err, `PORT is "9080", expected a free port`)

		return
	}

	assert.Equal(t, "127.0.0.1:9080", listener.Addr().String())

	_, err = listen(t.Context(), "")
	require.ErrorContains(t, err, `PORT is "9080", expected a free port`)
	require.NoError(t, listener.Close())
}

func TestOnlyThisMachineCanConnect(t *testing.T) {
	t.Parallel()

	listener, err := listen(t.Context(), "0")
	require.NoError(t, err)

	address, is := listener.Addr().(*net.TCPAddr)
	require.True(t, is)
	assert.True(t, address.IP.IsLoopback(), address.IP)
	require.NoError(t, listener.Close())
}
