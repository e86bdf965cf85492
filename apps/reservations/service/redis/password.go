package redis

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
)

// Password returns what to log in with, as it is now.
type Password func(context.Context) (string, error)

// PasswordOf returns the password of the configuration, or tokens signed by whoever the process runs as in AWS.
func PasswordOf(ctx context.Context, cfg Config) (Password, error) {
	if cfg.Auth != AuthIAM {
		return func(context.Context) (string, error) { return cfg.Password.Read() }, nil
	}

	role, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRegion(cfg.Region))
	if err != nil {
		return nil, fmt.Errorf("loading the AWS configuration (REDIS_AUTH=iam): %w", err)
	}

	return Token(cfg, role.Credentials), nil
}

const (
	// emptyHash is SHA-256 of nothing: the request that a token stands for has no body.
	emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	scheme    = "http://"
)

// Token signs a token for each connection: the URL, without its scheme, of a request to connect to the cache as the
// user (ElastiCache User Guide, "Authenticating with IAM"). It holds for 15 minutes, in seconds here, which is the most
// that ElastiCache takes, and is asked for only as a connection is opened.
func Token(cfg Config, credentials aws.CredentialsProvider) Password {
	query := url.Values{"Action": {"connect"}, "User": {cfg.User}, "X-Amz-Expires": {"900"}}
	connect := scheme + strings.ToLower(cfg.CacheName) + "/?" + query.Encode()

	return func(ctx context.Context) (string, error) {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, connect, nil)
		if err != nil {
			return "", fmt.Errorf("signing a token for %s at %s: %w", cfg.User, cfg.CacheName, err)
		}

		role, err := credentials.Retrieve(ctx)
		if err != nil {
			return "", fmt.Errorf("signing a token for %s at %s: %w", cfg.User, cfg.CacheName, err)
		}

		signed, _, err := v4.NewSigner().PresignHTTP(
			ctx, role, request, emptyHash, "elasticache", cfg.Region, time.Now())
		if err != nil {
			return "", fmt.Errorf("signing a token for %s at %s: %w", cfg.User, cfg.CacheName, err)
		}

		return strings.TrimPrefix(signed, scheme), nil
	}
}
