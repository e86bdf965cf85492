// Package redis keeps reservations in Redis or Valkey: a hash for each flight, with the customer of each seat.
package redis

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"

	"github.com/msur/platform/apps/chassis/config"
)

// How the service logs in.
const (
	AuthPassword = "password"
	AuthIAM      = "iam"
)

// Config says where the store is and who asks.
type Config struct {
	Host string
	Port int
	// DB is the number of the database.
	DB int
	// User is who logs in; without one it is the store's default user.
	User string
	// Auth is password, or iam: then the password is a token that the role of the process signs.
	Auth string
	// Password may be set with AuthPassword alone, CacheName and Region are with AuthIAM alone.
	Password          config.Secret
	CacheName, Region string
	// TLS is off only where REDIS_TLS says so.
	TLS bool
	// MaxConnections bounds the pool.
	MaxConnections int
}

const (
	port           = 6379
	mostDatabases  = 1 << 14
	maxConnections = 64
	mostOfRedis    = 10000
)

var errCleartext = errors.New("REDIS_TLS: got off, want on with REDIS_AUTH=iam: the token would be sent in clear text")

// ReadConfig reads REDIS_HOST, REDIS_PORT, REDIS_DB, REDIS_TLS, REDIS_MAX_CONNECTIONS, REDIS_AUTH, REDIS_USER and, as
// REDIS_AUTH says, REDIS_PWD or REDIS_CACHE_NAME and AWS_REGION.
func ReadConfig(r *config.Reader) (Config, error) {
	cfg := Config{
		Host:           r.Text("REDIS_HOST", "the host of Redis"),
		Port:           r.Port("REDIS_PORT", port),
		DB:             r.Number("REDIS_DB", 0, 0, mostDatabases),
		Auth:           r.OneOf("REDIS_AUTH", AuthPassword, AuthIAM),
		TLS:            r.OneOf("REDIS_TLS", "on", "off") != "off",
		MaxConnections: r.Number("REDIS_MAX_CONNECTIONS", maxConnections, 1, mostOfRedis),
	}

	if cfg.Auth != AuthIAM {
		cfg.User = r.TextOr("REDIS_USER", "")
		cfg.Password = r.OptionalSecret("REDIS_PWD")

		return cfg, r.Err()
	}

	cfg.User = r.Text("REDIS_USER", "the user whom tokens are signed for")
	cfg.CacheName = r.Text("REDIS_CACHE_NAME", "the name of the cache, for which tokens are signed")
	cfg.Region = r.Text("AWS_REGION", "the region of the cache, for which tokens are signed")

	if !cfg.TLS {
		return cfg, errors.Join(r.Err(), errCleartext)
	}

	return cfg, r.Err()
}

// Address is host:port.
func (c Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Warn logs what is set against better advice.
func (c Config) Warn(log *slog.Logger) {
	if !c.TLS {
		log.Warn(fmt.Sprintf("REDIS_TLS=off: whoever is between here and %s reads and changes what is sent", c.Address()))
	}
}
