// Package stores holds what MySQL and Redis have in common: where a store is, how a service logs in, and the error of
// an unavailable store.
package stores

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"github.com/msur/platform/apps/chassis/config"
)

// How a service logs in: with a password, or with a token signed by its IAM role.
const (
	AuthPassword = "password"
	AuthIAM      = "iam"
)

// ErrUnavailable is the error of a store that cannot answer now. A later request may succeed.
var ErrUnavailable = errors.New("the store is not available")

// Config says where a store is, and how to log in.
type Config struct {
	Host string
	Port int
	User string
	// MaxConnections bounds the pool.
	MaxConnections int
	// Auth is AuthPassword or AuthIAM.
	Auth string
	// Password is for AuthPassword alone, Region for AuthIAM alone.
	Password config.Secret
	Region   string
	// TLS is off only where the environment says so.
	TLS bool
}

// ReadConfig reads the variables that stores have in common. With the prefix MYSQL they are MYSQL_HOST, MYSQL_PORT,
// MYSQL_MAX_CONNECTIONS, MYSQL_AUTH and MYSQL_TLS, and with AuthIAM also AWS_REGION.
func ReadConfig(r *config.Reader, prefix string, port, connections int) Config {
	cfg := Config{
		Host:           r.Text(prefix+"_HOST", "the host of the store"),
		Port:           r.Port(prefix+"_PORT", port),
		MaxConnections: r.Number(prefix+"_MAX_CONNECTIONS", connections, 1, 10_000),
		Auth:           r.OneOf(prefix+"_AUTH", AuthPassword, AuthIAM),
		TLS:            r.OneOf(prefix+"_TLS", "on", "off") != "off",
	}

	if cfg.Auth == AuthIAM {
		cfg.Region = r.Text("AWS_REGION", "the region of the store, for which tokens are signed")

		if !cfg.TLS {
			r.Reject(fmt.Errorf("%[1]s_TLS: got off, expected on with %[1]s_AUTH=iam, or the token would be sent in clear text",
				prefix))
		}
	}

	return cfg
}

// Address is host:port.
func (c Config) Address() string { return net.JoinHostPort(c.Host, strconv.Itoa(c.Port)) }

// Warn logs a connection without TLS.
func (c Config) Warn(log *slog.Logger, prefix string) {
	if !c.TLS {
		log.Warn(fmt.Sprintf("%s_TLS=off: anyone on the network between here and %s can read and change the data",
			prefix, c.Address()))
	}
}

// Password returns the current password. A pool calls it for each new connection.
type Password func(context.Context) (string, error)

// Passwords returns the password of the configuration, or with AuthIAM tokens signed by the role of this process.
func (c Config) Passwords(ctx context.Context, tokens func(aws.CredentialsProvider) Password) (Password, error) {
	if c.Auth != AuthIAM {
		return func(context.Context) (string, error) { return c.Password.Read() }, nil
	}

	role, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRegion(c.Region))
	if err != nil {
		return nil, fmt.Errorf("loading the AWS configuration, for tokens: %w", err)
	}

	return tokens(role.Credentials), nil
}

// Tokens signs a token for each connection. A token is a signed URL without its scheme, with the user in a parameter,
// and is valid for 15 minutes. The AWS service is the one that checks it.
func (c Config) Tokens(address, parameter, service string, credentials aws.CredentialsProvider) Password {
	// emptyHash is the SHA-256 of an empty body.
	const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	query := url.Values{"Action": {"connect"}, parameter: {c.User}, "X-Amz-Expires": {"900"}}

	return func(ctx context.Context) (string, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, address+"?"+query.Encode(), nil)
		if err != nil {
			return "", fmt.Errorf("signing a token for %s: %w", address, err)
		}

		signed := ""

		role, err := credentials.Retrieve(ctx)
		if err == nil {
			signed, _, err = v4.NewSigner().PresignHTTP(ctx, role, request, emptyHash, service, c.Region, time.Now())
		}

		if err != nil {
			return "", fmt.Errorf("signing a token for %s: %w", address, err)
		}

		_, token, _ := strings.Cut(signed, "://")

		return token, nil
	}
}

// Explain returns the error of a query. It adds ErrUnavailable, unless the error is permanent or the context has ended.
func Explain(ctx context.Context, store string, err error, permanent bool) error {
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("querying %s: %w (%w)", store, ctx.Err(), err)
	case permanent:
		return fmt.Errorf("querying %s: %w", store, err)
	default:
		return fmt.Errorf("querying %s: %w: %w", store, ErrUnavailable, err)
	}
}
