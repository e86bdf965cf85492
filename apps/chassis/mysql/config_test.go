package mysql_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/stores"
)

// read reads a configuration whose default database is flights.
func read(environ ...string) (mysql.Config, error) {
	r := config.NewReader(environ)

	return mysql.ReadConfig(r, "flights"), r.Err()
}

func TestTheVariablesOfTheBookAreEnough(t *testing.T) {
	t.Parallel()

	cfg, err := read("MYSQL_HOST=db", "MYSQL_USER=me", "MYSQL_PASSWORD=secret")

	require.NoError(t, err)
	assert.Equal(t, mysql.Config{
		Database: "flights",
		Config: stores.Config{
			Host: "db", Port: 3306, User: "me", MaxConnections: 16,
			Auth: "password", Password: config.NewSecret("secret"), TLS: true,
		},
	}, cfg)
}

func TestIAMNeedsARegionAndTLSButNoPassword(t *testing.T) {
	t.Parallel()

	environ := []string{"MYSQL_HOST=db", "MYSQL_USER=me", "MYSQL_AUTH=iam"}

	_, err := read(append(environ, "MYSQL_TLS=off")...)
	require.ErrorContains(t, err, "AWS_REGION: not set")
	require.ErrorContains(t, err, "MYSQL_TLS: got off")

	cfg, err := read(append(environ, "AWS_REGION=us-east-1")...)
	require.NoError(t, err)
	assert.Equal(t, "us-east-1", cfg.Region)
	assert.True(t, cfg.TLS)
}

func TestAllInvalidVariablesAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	_, err := read("MYSQL_TLS=maybe", "MYSQL_PORT=x", "MYSQL_AUTH=none", "MYSQL_MAX_CONNECTIONS=0", "MYSQL_CA=none")

	for _, name := range []string{"HOST", "PORT", "USER", "PASSWORD", "TLS", "AUTH", "MAX_CONNECTIONS", "CA"} {
		assert.ErrorContains(t, err, "MYSQL_"+name+": ")
	}
}

func TestAConnectionWithoutTLSIsLogged(t *testing.T) {
	t.Parallel()

	for tls, want := range map[bool]string{true: "", false: "MYSQL_TLS=off"} {
		var log bytes.Buffer

		stores.Config{Host: "db", Port: 3306, TLS: tls}.Warn(logs.New(&log), "MYSQL")
		assert.Contains(t, log.String(), want)
		assert.Equal(t, tls, log.Len() == 0)
	}
}
