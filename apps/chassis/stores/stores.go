// Package stores holds what MySQL and Redis have in common: how a service logs in, and the error of an unavailable
// store.
package stores

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"

	"github.com/msur/platform/apps/chassis/config"
)

// How a service logs in.
const (
	AuthPassword = "password"
	AuthIAM      = "iam"
)

// ErrUnavailable is the error of a store that cannot answer now. A later request may succeed.
var ErrUnavailable = errors.New("the store is not available")

// Login is what a service proves its identity with: a password, or a token signed by its IAM role.
type Login struct {
	// Auth is AuthPassword or AuthIAM.
	Auth string
	// Password is for AuthPassword alone, Region for AuthIAM alone.
	Password config.Secret
	Region   string
	// TLS is off only where the environment says so.
	TLS bool
}

// ReadLogin reads the variables that say how to log in and whether to use TLS, such as MYSQL_AUTH and MYSQL_TLS, and
// with AuthIAM also AWS_REGION.
func ReadLogin(r *config.Reader, auth, tls string) Login {
	login := Login{Auth: r.OneOf(auth, AuthPassword, AuthIAM), TLS: r.OneOf(tls, "on", "off") != "off"}

	if login.Auth == AuthIAM {
		login.Region = r.Text("AWS_REGION", "the region of the store, for which tokens are signed")

		if !login.TLS {
			r.Reject(fmt.Errorf("%s: got off, expected on with %s=iam, or the token would be sent in clear text", tls, auth))
		}
	}

	return login
}

// Warn logs a connection without TLS to an address.
func (l Login) Warn(log *slog.Logger, store, address string) {
	if !l.TLS {
		log.Warn(fmt.Sprintf("%s_TLS=off: anyone on the network between here and %s can read and change the data",
			store, address))
	}
}

// Password returns the current password. A pool calls it for each new connection.
type Password func(context.Context) (string, error)

// PasswordOf returns the password of a login, or tokens signed by the role of this process.
func PasswordOf(ctx context.Context, login Login, tokens func(aws.CredentialsProvider) Password) (Password, error) {
	if login.Auth != AuthIAM {
		return func(context.Context) (string, error) { return login.Password.Read() }, nil
	}

	role, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRegion(login.Region))
	if err != nil {
		return nil, fmt.Errorf("loading the AWS configuration, for tokens: %w", err)
	}

	return tokens(role.Credentials), nil
}

// Tokens signs a token for each connection. A token is a signed URL without its scheme, and is valid for as many
// seconds as its X-Amz-Expires says. The AWS service is the one that checks it.
func Tokens(url, service, region string, credentials aws.CredentialsProvider) Password {
	// emptyHash is the SHA-256 of an empty body.
	const emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

	return func(ctx context.Context) (string, error) {
		role, err := credentials.Retrieve(ctx)
		if err != nil {
			return "", fmt.Errorf("signing a token for %s: %w", url, err)
		}

		request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return "", fmt.Errorf("signing a token for %s: %w", url, err)
		}

		signed, _, err := v4.NewSigner().PresignHTTP(ctx, role, request, emptyHash, service, region, time.Now())
		if err != nil {
			return "", fmt.Errorf("signing a token for %s: %w", url, err)
		}

		_, token, _ := strings.Cut(signed, "://")

		return token, nil
	}
}
