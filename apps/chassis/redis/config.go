// Package redis connects a service to Redis or Valkey: settings, TLS, IAM tokens, a bounded pool, health, metrics, and
// the errors after which a caller may try again.
package redis

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/stores"
)

// Config says where the store is, and how to log in. Without a user, it is the store's default user.
type Config struct {
	stores.Config

	// DB is the number of the database.
	DB int
	// CacheName is the name of the cache, for stores.AuthIAM alone.
	CacheName string
}

// ReadConfig reads the variables of stores.ReadConfig with the prefix REDIS, and REDIS_DB, REDIS_USER and, depending on
// REDIS_AUTH, REDIS_PWD or REDIS_CACHE_NAME.
func ReadConfig(r *config.Reader) Config {
	cfg := Config{Config: stores.ReadConfig(r, "REDIS", 6379, 64), DB: r.Number("REDIS_DB", 0, 0, 1<<14)}

	if cfg.Auth == stores.AuthIAM {
		cfg.User = r.Text("REDIS_USER", "the user that tokens are signed for")
		cfg.CacheName = r.Text("REDIS_CACHE_NAME", "the name of the cache, which tokens are signed for")
	} else {
		cfg.User = r.TextOr("REDIS_USER", "")
		cfg.Password = r.OptionalSecret("REDIS_PWD")
	}

	return cfg
}

// Tokens signs a token for each connection. ElastiCache accepts a token for at most 15 minutes, and checks it only as a
// connection opens (Amazon ElastiCache User Guide, "Authenticating with IAM").
func (c Config) Tokens(credentials aws.CredentialsProvider) stores.Password {
	return c.Config.Tokens("http://"+strings.ToLower(c.CacheName)+"/", "User", "elasticache", credentials)
}
