package mysql_test

import (
	"context"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/msur/platform/apps/chassis/stores"
)

// role has credentials that change, as those of Pod Identity do.
type role struct{ id atomic.Pointer[string] }

// Retrieve returns the current credentials.
func (r *role) Retrieve(context.Context) (aws.Credentials, error) {
	id := *r.id.Load()

	return aws.Credentials{AccessKeyID: id, SecretAccessKey: "key of " + id, SessionToken: "session"}, nil
}

func (r *role) as(id string) *role {
	r.id.Store(&id)

	return r
}

func (r *role) now(t *testing.T) aws.Credentials {
	t.Helper()

	keys, err := r.Retrieve(t.Context())
	require.NoError(t, err)

	return keys
}

// withTokens returns the configuration of the service's user, who logs in with tokens.
func withTokens(server mysqltest.Server, ca string) mysql.Config {
	cfg := server.Config(server.User)
	cfg.Auth, cfg.TLS, cfg.Region, cfg.CA = stores.AuthIAM, true, region, ca

	return cfg
}

func TestATokenNamesUserAddressAndRegion(t *testing.T) {
	t.Parallel()

	cfg := mysql.Config{Config: stores.Config{Host: "db.example", Port: 3307, User: "flights", Region: "eu-west-2"}}

	token, err := cfg.Tokens(new(role).as("AKIA1"))(t.Context())
	require.NoError(t, err)

	signed, err := url.Parse("https://" + token)
	require.NoError(t, err)

	query := signed.Query()
	assert.Equal(t, "db.example:3307", signed.Host)
	assert.Equal(t, "connect", query.Get("Action"))
	assert.Equal(t, "flights", query.Get("DBUser"))
	assert.Regexp(t, `^AKIA1/\d{8}/eu-west-2/rds-db/aws4_request$`, query.Get("X-Amz-Credential"))
	assert.Equal(t, "900", query.Get("X-Amz-Expires"))
	assert.Equal(t, "session", query.Get("X-Amz-Security-Token"))
	assert.Regexp(t, `^[0-9a-f]{64}$`, query.Get("X-Amz-Signature"))
}

func TestEachConnectionOpensWithANewToken(t *testing.T) {
	t.Parallel()

	pair, ca := certificate(t)
	credentials, database := new(role).as("AKIA1"), new(iam)
	database.trust(credentials.now(t))

	cfg := withTokens(embedded(t, withTLS(pair), database.logsIn), ca)
	db := open(t, cfg, cfg.Tokens(credentials))

	first, err := db.Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, first.PingContext(t.Context()))

	t.Log("after the keys change, an open connection works, and a new one needs a new token")
	database.trust(new(role).as("AKIA2").now(t))
	require.NoError(t, first.PingContext(t.Context()))

	_, err = db.Conn(t.Context())
	require.ErrorContains(t, err, "Access denied")

	credentials.as("AKIA2")

	second, err := db.Conn(t.Context())
	require.NoError(t, err)
	require.NoError(t, second.PingContext(t.Context()))
	require.Len(t, database.seen(), 3)
	assert.Contains(t, database.seen()[2], "AKIA2%2F")
}

func TestATokenIsValidInItsRegionForFifteenMinutes(t *testing.T) {
	t.Parallel()

	pair, ca := certificate(t)
	credentials, database := new(role).as("AKIA1"), new(iam)
	cfg := withTokens(embedded(t, withTLS(pair), database.logsIn), ca)

	token, err := cfg.Tokens(credentials)(t.Context())
	require.NoError(t, err)

	logIn := func(token string) error {
		password := func(context.Context) (string, error) { return token, nil }

		return open(t, cfg, password).PingContext(t.Context())
	}

	require.ErrorContains(t, logIn(token), "Access denied", "unknown keys")
	database.trust(credentials.now(t))
	require.NoError(t, logIn(token))

	elsewhere := cfg
	elsewhere.Region = "eu-west-2"
	other, err := elsewhere.Tokens(credentials)(t.Context())
	require.NoError(t, err)
	require.ErrorContains(t, logIn(other), "Access denied", "another region")

	database.advance(14 * time.Minute)
	require.NoError(t, logIn(token))
	database.advance(2 * time.Minute)
	require.ErrorContains(t, logIn(token), "Access denied", "after 16 minutes")
}

func TestATokenIsNeverSentInClearText(t *testing.T) {
	t.Parallel()

	database := new(iam)
	cfg := withTokens(embedded(t, database.logsIn), "")
	cfg.TLS = false

	require.Error(t, open(t, cfg, cfg.Tokens(new(role).as("AKIA1"))).PingContext(t.Context()))
	assert.Empty(t, database.seen())
}
