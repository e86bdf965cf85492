package redis_test

import (
	"context"
	"errors"
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

	"github.com/msur/platform/apps/reservations/service/redis"
	"github.com/msur/platform/apps/reservations/service/redistest"
	"github.com/msur/platform/apps/reservations/service/reservations"
)

const (
	user   = "sandbox-reservations"
	cache  = "Sandbox-Cache"
	region = "eu-west-1"
)

// role is who the process is in AWS. Its keys change as those of a pod do.
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

	asked, err := url.Parse("http://" + token)
	require.NoError(t, err)

	query := asked.Query()
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

	const nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	expected, _, err := v4.NewSigner().PresignHTTP(t.Context(), keys, request, nothing, "elasticache", region, signed)
	require.NoError(t, err)

	return strings.HasSuffix(expected, "X-Amz-Signature="+signature) && query.Get("User") == user
}

// A store that lets nobody in without a genuine token: each connection brings one of its own, signed with the keys of
// that moment.
func TestEachConnectionBringsATokenOfItsOwn(t *testing.T) {
	t.Parallel()

	running, address := redistest.Embedded(t)
	who := new(role)
	who.change("AKIDFIRST", "first")

	var (
		mutex    sync.Mutex
		accepted []string
	)

	demand := func() {
		running.RequireUserAuth(user, "nobody knows")
		running.Server().SetPreHook(func(_ *server.Peer, command string, arguments ...string) bool {
			if command == "HELLO" && len(arguments) == 4 && who.genuine(t, arguments[3]) {
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
		Host: address.Host(), Port: address.Port(), User: user, Auth: redis.AuthIAM, CacheName: cache, Region: region,
		MaxConnections: 1,
	}
	store := redis.Open(cfg, redis.Token(cfg, who), func() {})

	t.Cleanup(func() { require.NoError(t, store.Close()) })

	seat := reservations.Seat{Flight: "werty", Number: "12B"}
	require.NoError(t, store.Reserve(t.Context(), seat, "one"))
	require.NoError(t, store.Reserve(t.Context(), seat, "one"))
	assert.Len(t, accepted, 1, "one connection, one token")

	t.Log("the store ends the connection and the keys have changed: the next one brings a new token")
	who.change("AKIDSECOND", "second")
	running.Close()
	require.ErrorIs(t, store.Reserve(t.Context(), seat, "one"), reservations.ErrUnavailable)
	require.NoError(t, running.Restart())
	demand()

	// Where nobody answered, the library tries again by itself, and only then lets others try.
	require.Eventually(t, func() bool {
		return errors.Is(store.Reserve(t.Context(), seat, "two"), reservations.ErrTaken)
	}, time.Minute, 20*time.Millisecond, "awaited an answer of the store")
	require.Len(t, accepted, 2)
	assert.Contains(t, accepted[1], "AKIDSECOND")
	assert.True(t, strings.HasPrefix(accepted[0], "sandbox-cache/?Action=connect"), "without a scheme: %s", accepted[0])

	t.Log("another user's token is refused, and told as a store that cannot be asked")

	cfg.User = "other"
	stranger := redis.Open(cfg, redis.Token(cfg, who), func() {})

	t.Cleanup(func() { require.NoError(t, stranger.Close()) })

	_, err := stranger.Reserved(t.Context(), "werty")
	require.ErrorIs(t, err, reservations.ErrUnavailable)
	require.ErrorContains(t, err, "WRONGPASS")
	assert.Len(t, accepted, 2)
}
