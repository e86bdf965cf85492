package redis

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"

	"github.com/msur/platform/apps/chassis/stores"
)

const dialTimeout = 2 * time.Second

// newClient returns a bounded pool. It connects when it is used, and asks for the password for each connection.
func newClient(cfg Config, password stores.Password, connections int) *redis.Client {
	options := &redis.Options{
		Addr: cfg.Address(),
		DB:   cfg.DB,
		// The service uses nothing that RESP3 adds, and with RESP3 the client looks for pushed messages at each answer.
		Protocol: 2,
		CredentialsProviderContext: func(ctx context.Context) (string, string, error) {
			secret, err := password(ctx)

			return cfg.User, secret, err
		},
		// One pool: the client's second pool, for pipelines, would exceed the limit.
		PoolSize: connections, MaxActiveConns: connections, PipelinePoolSize: -1,
		// A request that waits longer for a connection gets 503: the pool is too small, and waiting only adds delay.
		PoolTimeout: time.Second,
		// Well below the 12 hours after which ElastiCache ends a connection that logged in with IAM. The jitter spreads
		// renewals.
		ConnMaxLifetime: 6 * time.Hour, ConnMaxLifetimeJitter: time.Hour,
		// For one command. A request has a deadline of its own, which may be shorter.
		ReadTimeout: 2 * time.Second, WriteTimeout: 2 * time.Second,
		DialTimeout: dialTimeout, ContextTimeoutEnabled: true,
		// The caller gets the error, and decides whether to retry.
		MaxRetries: -1, DialerRetries: 1,
		// Commands that a user with read and write privileges alone may not run.
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}

	if cfg.TLS {
		// The system's roots, or those of SSL_CERT_FILE. They include the roots of ElastiCache.
		options.Dialer = dialTLS(&tls.Config{ServerName: cfg.Host, MinVersion: tls.VersionTLS12})
	}

	client := redis.NewClient(options)
	client.AddHook(traced{})

	return client
}

// dialTLS returns connections that expose their socket. Before the client reuses a connection, it checks whether the
// store has closed the socket. It cannot check a tls.Conn, and each closed connection would fail one request. Unread
// bytes, such as TLS's close_notify, also make the client open another connection.
func dialTLS(config *tls.Config) func(context.Context, string, string) (net.Conn, error) {
	dialer := &tls.Dialer{NetDialer: &net.Dialer{Timeout: dialTimeout}, Config: config}

	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}

		return exposed{conn.(*tls.Conn)}, nil //nolint:forcetypeassert // documented by tls.Dialer
	}
}

// exposed is a TLS connection that exposes its socket.
type exposed struct{ *tls.Conn }

// SyscallConn returns the socket.
func (c exposed) SyscallConn() (syscall.RawConn, error) {
	return c.NetConn().(syscall.Conn).SyscallConn() //nolint:forcetypeassert // a *net.TCPConn
}

// LogTo makes the client log its warnings. It applies to the whole process.
func LogTo(log *slog.Logger) { redis.SetLogger(logger{log}) }

type logger struct{ log *slog.Logger }

// Printf logs a warning.
func (l logger) Printf(ctx context.Context, format string, values ...any) {
	l.log.WarnContext(ctx, fmt.Sprintf(format, values...))
}
