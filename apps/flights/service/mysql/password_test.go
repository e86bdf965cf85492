package mysql_test

import (
	"context"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/mysql"
)

// role has credentials whose id changes, as those of Pod Identity do.
type role struct{ id atomic.Pointer[string] }

// Retrieve returns the credentials of now.
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

func TestATokenIsForOneUserAtOneAddressInOneRegion(t *testing.T) {
	t.Parallel()

	cfg := mysql.Config{Host: "db.example", Port: 3307, User: "flights", Region: "eu-west-2"}

	token, err := mysql.Token(cfg, new(role).as("AKIA1"))(t.Context())
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

func TestEachTokenIsSignedWithTheCredentialsOfNow(t *testing.T) {
	t.Parallel()

	credentials := new(role).as("AKIA1")
	password := mysql.Token(mysql.Config{Host: "db", Port: 1, User: "u", Region: "r"}, credentials)

	_, err := password(t.Context())
	require.NoError(t, err)

	credentials.as("AKIA2")

	token, err := password(t.Context())
	require.NoError(t, err)
	assert.Contains(t, token, "AKIA2%2F")
}
