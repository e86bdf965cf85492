package mysql

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/rds/auth"
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
		return nil, fmt.Errorf("loading the AWS configuration (MYSQL_AUTH=iam): %w", err)
	}

	return Token(cfg, role.Credentials), nil
}

// Token signs a token for each connection: one holds for 15 minutes, and is asked for only as a connection is opened.
func Token(cfg Config, credentials aws.CredentialsProvider) Password {
	return func(ctx context.Context) (string, error) {
		token, err := auth.BuildAuthToken(ctx, cfg.Address(), cfg.Region, cfg.User, credentials)
		if err != nil {
			return "", fmt.Errorf("signing a token for %s at %s: %w", cfg.User, cfg.Address(), err)
		}

		return token, nil
	}
}
