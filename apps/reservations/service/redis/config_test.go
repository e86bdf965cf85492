package redis_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/logs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/reservations/service/redis"
)

func TestTheBooksVariablesAreEnough(t *testing.T) {
	t.Parallel()

	cfg, err := redis.ReadConfig(config.NewReader([]string{
		"REDIS_HOST=store", "REDIS_PORT=7000", "REDIS_DB=3", "REDIS_PWD=hunter2",
	}))
	require.NoError(t, err)

	assert.Equal(t, "store:7000", cfg.Address())
	assert.Equal(t, 3, cfg.DB)
	assert.True(t, cfg.TLS, "unless it is turned off")
	assert.NotContains(t, fmt.Sprintf("%+v", cfg), "hunter2")

	password, err := redis.PasswordOf(t.Context(), cfg)
	require.NoError(t, err)

	read, err := password(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "hunter2", read)

	cfg, err = redis.ReadConfig(config.NewReader([]string{"REDIS_HOST=store"}))
	require.NoError(t, err)
	assert.Equal(t, "store:6379", cfg.Address())
	assert.Equal(t, redis.AuthPassword, cfg.Auth)
}

func TestEveryMistakeIsToldAtOnce(t *testing.T) {
	t.Parallel()

	for wants, environ := range map[[5]string][]string{
		{"REDIS_HOST", "REDIS_PORT", "REDIS_DB", "REDIS_AUTH", "REDIS_TLS"}: {
			"REDIS_PORT=none", "REDIS_DB=-1", "REDIS_AUTH=magic", "REDIS_TLS=maybe",
		},
		{"REDIS_USER", "REDIS_CACHE_NAME", "AWS_REGION", "REDIS_MAX_CONNECTIONS", "REDIS_TLS"}: {
			"REDIS_HOST=store", "REDIS_AUTH=iam", "REDIS_TLS=off", "REDIS_MAX_CONNECTIONS=0",
		},
	} {
		_, err := redis.ReadConfig(config.NewReader(environ))
		for _, want := range wants {
			assert.ErrorContains(t, err, want)
		}
	}
}

func TestWithoutTLSTheLogSaysSo(t *testing.T) {
	t.Parallel()

	var log bytes.Buffer

	redis.Config{Host: "store", TLS: true}.Warn(logs.New(&log))
	assert.Empty(t, log.String())
	redis.Config{Host: "store"}.Warn(logs.New(&log))
	assert.Contains(t, log.String(), "REDIS_TLS=off")
}
