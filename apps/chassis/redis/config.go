// Package redis connects a service to Redis or Valkey: settings, TLS, IAM tokens, a bounded pool, health, metrics, and
// the errors after which a caller may try again.
package redis

import (
	"net"
	"net/url"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/stores"
)

// Config says where the store is, and as which user to log in.
type Config struct {
	stores.Login

	Host string
	Port int
	// DB is the number of the database.
	DB int
	// User logs in. Without one, it is the store's default user.
	User string
	// CacheName is the name of the cache, for stores.AuthIAM alone.
	CacheName string
	// MaxConnections bounds the pool.
	MaxConnections int
}

// ReadConfig reads REDIS_HOST, REDIS_PORT, REDIS_DB, REDIS_TLS, REDIS_MAX_CONNECTIONS, REDIS_AUTH, REDIS_USER and,
// depending on REDIS_AUTH, REDIS_PWD or REDIS_CACHE_NAME and AWS_REGION.
func ReadConfig(r *config.Reader) Config {
	cfg := Config{
		Host:           r.Text("REDIS_HOST", "the host of Redis"),
		Port:           r.Port("REDIS_PORT", 6379),
		DB:             r.Number("REDIS_DB", 0, 0, 1<<14),
		MaxConnections: r.Number("REDIS_MAX_CONNECTIONS", 64, 1, 10_000),
		Login:          stores.ReadLogin(r, "REDIS_AUTH", "REDIS_TLS"),
	}

	if cfg.Auth == stores.AuthIAM {
		cfg.User = r.Text("REDIS_USER", "the user that tokens are signed for")
		cfg.CacheName = r.Text("REDIS_CACHE_NAME", "the name of the cache, which tokens are signed for")
	} else {
		cfg.User = r.TextOr("REDIS_USER", "")
		cfg.Password = r.OptionalSecret("REDIS_PWD")
	}

	return cfg
}

// Address is host:port.
func (c Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Tokens signs a token for each connection. ElastiCache accepts a token for at most 15 minutes, and checks it only as a
// connection opens (Amazon ElastiCache User Guide, "Authenticating with IAM").
func (c Config) Tokens(credentials aws.CredentialsProvider) stores.Password {
	query := url.Values{"Action": {"connect"}, "User": {c.User}, "X-Amz-Expires": {"900"}}

	return stores.Tokens("http://"+strings.ToLower(c.CacheName)+"/?"+query.Encode(), "elasticache", c.Region, credentials)
}
