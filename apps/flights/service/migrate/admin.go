package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/msur/platform/apps/chassis/config"
)

// Admin may create tables and users.
type Admin struct {
	User     string
	Password config.Secret
}

var errNoARN = errors.New("want the ARN of a secret, arn:aws:secretsmanager:<region>:<account>:secret:<name>")

// ReadSecret reads ADMIN_SECRET_ARN; without it the ARN is zero.
func ReadSecret(r *config.Reader) (arn.ARN, error) {
	text := r.TextOr("ADMIN_SECRET_ARN", "")
	if text == "" {
		return arn.ARN{}, nil
	}

	secret, err := arn.Parse(text)
	if err != nil || secret.Service != "secretsmanager" || secret.Region == "" {
		return arn.ARN{}, fmt.Errorf("ADMIN_SECRET_ARN: got %q: %w", text, errNoARN)
	}

	return secret, nil
}

var errIncomplete = errors.New("got a secret without username and password, want both, as RDS writes it")

// FromSecret reads the admin that RDS keeps in Secrets Manager. The password rotates: it is read as it is used, and
// kept nowhere.
func FromSecret(ctx context.Context, role aws.Config, arn string) (Admin, error) {
	secret, err := secretsmanager.NewFromConfig(role).GetSecretValue(ctx,
		&secretsmanager.GetSecretValueInput{SecretId: &arn})
	if err != nil {
		return Admin{}, fmt.Errorf("reading the secret %s (ADMIN_SECRET_ARN): %w", arn, err)
	}

	var known struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}

	// The error of the decoder would show a part of the secret.
	if json.Unmarshal([]byte(aws.ToString(secret.SecretString)), &known) != nil ||
		known.Username == "" || known.Password == "" {
		return Admin{}, fmt.Errorf("reading the secret %s (ADMIN_SECRET_ARN): %w", arn, errIncomplete)
	}

	return Admin{User: known.Username, Password: config.NewSecret(known.Password)}, nil
}
