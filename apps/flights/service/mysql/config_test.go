package mysql_test

import (
	"bytes"
	"testing"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/mysql"
)

func TestTheBooksVariablesAreEnough(t *testing.T) {
	t.Parallel()

	cfg, err := mysql.ReadConfig(config.NewReader([]string{"MYSQL_HOST=db", "MYSQL_USER=me", "MYSQL_PASSWORD=secret"}))

	require.NoError(t, err)
	assert.Equal(t, mysql.Config{
		Host: "db", Port: 3306, User: "me", Database: "microservices_db", Auth: "password",
		Password: config.NewSecret("secret"), TLS: true, MaxConnections: 16,
	}, cfg)
}

func TestIAMNeedsARegionAndTLSAndNoPassword(t *testing.T) {
	t.Parallel()

	environ := []string{"MYSQL_HOST=db", "MYSQL_USER=me", "MYSQL_AUTH=iam"}

	_, err := mysql.ReadConfig(config.NewReader(append(environ, "MYSQL_TLS=off")))
	require.ErrorContains(t, err, "AWS_REGION: got nothing")
	require.ErrorContains(t, err, "MYSQL_TLS: got off")

	cfg, err := mysql.ReadConfig(config.NewReader(append(environ, "AWS_REGION=us-east-1")))
	require.NoError(t, err)
	assert.Equal(t, "us-east-1", cfg.Region)
	assert.True(t, cfg.TLS)
}

func TestEveryFaultIsToldAtOnce(t *testing.T) {
	t.Parallel()

	_, err := mysql.ReadConfig(config.NewReader([]string{
		"MYSQL_TLS=maybe", "MYSQL_PORT=x", "MYSQL_AUTH=none", "MYSQL_MAX_CONNECTIONS=0", "MYSQL_CA=none",
	}))

	for _, name := range []string{"HOST", "PORT", "USER", "PASSWORD", "TLS", "AUTH", "MAX_CONNECTIONS", "CA"} {
		assert.ErrorContains(t, err, "MYSQL_"+name+": got ")
	}
}

func TestWithoutTLSThereIsAWarning(t *testing.T) {
	t.Parallel()

	for tls, want := range map[bool]string{true: "", false: "MYSQL_TLS=off"} {
		var log bytes.Buffer

		mysql.Config{Host: "db", Port: 3306, TLS: tls}.Warn(logs.New(&log))
		assert.Contains(t, log.String(), want)
		assert.Equal(t, tls, log.Len() == 0)
	}
}
