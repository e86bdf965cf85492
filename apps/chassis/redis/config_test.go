package redis_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/redis"
	"github.com/msur/platform/apps/chassis/stores"
)

func read(environ ...string) (redis.Config, error) {
	r := config.NewReader(environ)

	return redis.ReadConfig(r), r.Err()
}

func TestTheVariablesOfTheBookAreEnough(t *testing.T) {
	t.Parallel()

	cfg, err := read("REDIS_HOST=store", "REDIS_PORT=7000", "REDIS_DB=3", "REDIS_PWD=hunter2")
	require.NoError(t, err)

	assert.Equal(t, "store:7000", cfg.Address())
	assert.Equal(t, 3, cfg.DB)
	assert.True(t, cfg.TLS, "on by default")
	assert.NotContains(t, fmt.Sprintf("%+v", cfg), "hunter2")

	password, err := cfg.Passwords(t.Context(), cfg.Tokens)
	require.NoError(t, err)

	value, err := password(t.Context())
	require.NoError(t, err)
	assert.Equal(t, "hunter2", value)

	cfg, err = read("REDIS_HOST=store")
	require.NoError(t, err)
	assert.Equal(t, "store:6379", cfg.Address())
	assert.Equal(t, stores.AuthPassword, cfg.Auth)
}

func TestAllInvalidVariablesAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	for wants, environ := range map[[5]string][]string{
		{"REDIS_HOST", "REDIS_PORT", "REDIS_DB", "REDIS_AUTH", "REDIS_TLS"}: {
			"REDIS_PORT=none", "REDIS_DB=-1", "REDIS_AUTH=magic", "REDIS_TLS=maybe",
		},
		{"REDIS_USER", "REDIS_CACHE_NAME", "AWS_REGION", "REDIS_MAX_CONNECTIONS", "REDIS_TLS"}: {
			"REDIS_HOST=store", "REDIS_AUTH=iam", "REDIS_TLS=off", "REDIS_MAX_CONNECTIONS=0",
		},
	} {
		_, err := read(environ...)
		for _, want := range wants {
			assert.ErrorContains(t, err, want)
		}
	}
}
