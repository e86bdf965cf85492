package redis_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2/server"
	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/redis"
	"github.com/msur/platform/apps/chassis/redis/redistest"
	"github.com/msur/platform/apps/chassis/stores"
)

const (
	user   = "sandbox-reservations"
	cache  = "Sandbox-Cache"
	region = "eu-west-1"
)

// role is the role of the process. Its keys change, as those of a pod do.
type role struct {
	mutex sync.Mutex
	keys  aws.Credentials
}

func (r *role) Retrieve(context.Context) (aws.Credentials, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	return r.keys, nil
}

func (r *role) change(id, secret string) {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	r.keys = aws.Credentials{AccessKeyID: id, SecretAccessKey: secret, SessionToken: "session-" + id}
}

// genuine checks a token as ElastiCache does: it signs the same request with the same keys.
func (r *role) genuine(t testing.TB, token string) bool {
	t.Helper()

	signedURL, err := url.Parse("http://" + token)
	require.NoError(t, err)

	query := signedURL.Query()
	signature, at := query.Get("X-Amz-Signature"), query.Get("X-Amz-Date")

	signed, err := time.Parse("20060102T150405Z", at)
	if err != nil || time.Since(signed) > 15*time.Minute || query.Get("X-Amz-Expires") != "900" {
		return false
	}

	again := url.Values{"Action": {"connect"}, "User": {query.Get("User")}, "X-Amz-Expires": {"900"}}

	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet,
		"http://"+strings.ToLower(cache)+"/?"+again.Encode(), nil)
	require.NoError(t, err)

	keys, err := r.Retrieve(t.Context())
	require.NoError(t, err)

	const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	expected, _, err := v4.NewSigner().PresignHTTP(t.Context(), keys, request, emptyHash, "elasticache", region, signed)
	require.NoError(t, err)

	return strings.HasSuffix(expected, "X-Amz-Signature="+signature) && query.Get("User") == user
}

// The store accepts only genuine tokens. Each is signed with the keys of its moment.
func TestEachConnectionOpensWithANewToken(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	role := new(role)
	role.change("AKIDFIRST", "first")

	var (
		mutex    sync.Mutex
		accepted []string
	)

	demand := func() {
		running.RequireUserAuth(user, "unknown")
		running.Server().SetPreHook(func(_ *server.Peer, command string, arguments ...string) bool {
			if command == "HELLO" && len(arguments) == 4 && role.genuine(t, arguments[3]) {
				mutex.Lock()
				defer mutex.Unlock()

				accepted = append(accepted, arguments[3])
				running.RequireUserAuth(user, arguments[3])
			}

			return false
		})
	}
	demand()

	cfg := redis.Config{
		CacheName: cache,
		Config: stores.Config{
			Host: address.Host(), Port: address.Port(), User: user, MaxConnections: 1,
			Auth: stores.AuthIAM, Region: region,
		},
	}
	store := redis.NewStore(cfg, cfg.Tokens(role), func() {})
	ask := func(store *redis.Store) error {
		return store.Classify(t.Context(), store.HLen(t.Context(), "key").Err())
	}

	t.Cleanup(func() { require.NoError(t, store.Close()) })

	require.NoError(t, ask(store))
	require.NoError(t, ask(store))
	assert.Len(t, accepted, 1, "one connection, one token")

	t.Log("the store closes the connection, and the keys change")
	role.change("AKIDSECOND", "second")
	running.Close()
	require.ErrorIs(t, ask(store), stores.ErrUnavailable)
	require.NoError(t, running.Restart())
	demand()

	// After a failed dial, the client itself tries again before it lets others try.
	require.Eventually(t, func() bool { return ask(store) == nil }, time.Minute, 20*time.Millisecond)
	require.Len(t, accepted, 2)
	assert.Contains(t, accepted[1], "AKIDSECOND")
	assert.True(t, strings.HasPrefix(accepted[0], "sandbox-cache/?Action=connect"), "no scheme: %s", accepted[0])

	t.Log("another user's token is refused")

	cfg.User = "other"
	stranger := redis.NewStore(cfg, cfg.Tokens(role), func() {})

	t.Cleanup(func() { require.NoError(t, stranger.Close()) })

	err := ask(stranger)
	require.ErrorIs(t, err, stores.ErrUnavailable)
	require.ErrorContains(t, err, "WRONGPASS")
	assert.Len(t, accepted, 2)
}

func TestACallerWhoLeavesIsNotAFailureOfRedis(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	failed := 0
	cfg := redis.Config{Config: stores.Config{Host: address.Host(), Port: address.Port(), MaxConnections: 1}}
	store := redis.NewStore(cfg, func(context.Context) (string, error) { return "", nil }, func() { failed++ })

	t.Cleanup(func() { require.NoError(t, store.Close()) })

	ctx, leave := context.WithCancel(t.Context())
	leave()

	require.ErrorIs(t, store.Classify(ctx, store.HLen(ctx, "key").Err()), context.Canceled)
	assert.Zero(t, failed)

	running.Close()

	require.ErrorIs(t, store.Classify(t.Context(), store.HLen(t.Context(), "key").Err()), stores.ErrUnavailable)
	assert.Equal(t, 1, failed)
}
