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
)

const (
	dialTimeout = 2 * time.Second
	// answerTimeout is for one command; a request has a deadline of its own, which may be sooner.
	answerTimeout = 2 * time.Second
	// waitForPlace is how long a request waits for a connection that is free: longer than that the pool is too small
	// for what is asked, and waiting would help nobody.
	waitForPlace = time.Second
	// lifetime is well below the 12 hours after which ElastiCache ends a connection that logged in by IAM; with the
	// jitter not all are renewed at once.
	lifetime = 6 * time.Hour
	jitter   = time.Hour
	resp2    = 2
	never    = -1
	none     = -1
)

// client makes a bounded pool. It connects as it is used, and each connection asks for the password anew.
func client(cfg Config, password Password, most int) *redis.Client {
	options := &redis.Options{
		Addr: cfg.Address(),
		DB:   cfg.DB,
		// Nothing that RESP3 adds is used, and looking for what the server may push costs with every answer.
		Protocol: resp2,
		CredentialsProviderContext: func(ctx context.Context) (string, string, error) {
			secret, err := password(ctx)

			return cfg.User, secret, err
		},
		// One pool for all, and never more: by itself the library has another one for transactions.
		PoolSize: most, MaxActiveConns: most, PipelinePoolSize: none, PoolTimeout: waitForPlace,
		ConnMaxLifetime: lifetime, ConnMaxLifetimeJitter: jitter,
		DialTimeout: dialTimeout, ReadTimeout: answerTimeout, WriteTimeout: answerTimeout, ContextTimeoutEnabled: true,
		// Whoever asked is told, and knows best whether to ask again.
		MaxRetries: never, DialerRetries: 1,
		// What a user who may only read and write is not allowed to say.
		DisableIdentity:          true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}

	if cfg.TLS {
		// The system's roots vouch for ElastiCache, and whom SSL_CERT_FILE adds for others.
		options.Dialer = encrypted(&tls.Config{ServerName: cfg.Host, MinVersion: tls.VersionTLS12})
	}

	return redis.NewClient(options)
}

// encrypted dials with TLS. Before it uses a connection again the library looks whether the store has closed it, if the
// connection shows its socket. Those of crypto/tls do not, and each that a store has closed would fail one request.
// What is unread there, such as TLS saying goodbye, has the library open another.
func encrypted(config *tls.Config) func(context.Context, string, string) (net.Conn, error) {
	dialer := &tls.Dialer{NetDialer: &net.Dialer{Timeout: dialTimeout}, Config: config}

	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dialer.DialContext(ctx, network, address)
		if err != nil {
			return nil, err
		}

		return open{conn.(*tls.Conn)}, nil //nolint:forcetypeassert // as tls.Dialer promises
	}
}

// open is a connection with TLS that shows its socket.
type open struct{ *tls.Conn }

// SyscallConn is the socket's.
func (c open) SyscallConn() (syscall.RawConn, error) {
	return c.NetConn().(syscall.Conn).SyscallConn() //nolint:forcetypeassert // a *net.TCPConn
}

// LogTo has the library log what it has to tell beside its errors. It holds for the whole process.
func LogTo(log *slog.Logger) { redis.SetLogger(logger{log}) }

type logger struct{ log *slog.Logger }

// Printf logs it.
func (l logger) Printf(ctx context.Context, format string, values ...any) {
	l.log.WarnContext(ctx, fmt.Sprintf(format, values...))
}
