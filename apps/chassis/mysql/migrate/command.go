package migrate

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/msur/platform/apps/chassis/command"
	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/stores"
)

// Timeout leaves time for the lock, and is shorter than the 15 minutes after which the chart's job is killed, so that
// the log names the step that hung.
const Timeout = 14 * time.Minute

// Command returns the command migrate.
func (m Migration) Command() command.Command {
	return command.Command{
		Name: "migrate", About: "Apply the migrations, and create or update the service's user",
		Timeout: Timeout, Run: m.run,
	}
}

// run reads the admin from ADMIN_SECRET_ARN, or from MYSQL_ADMIN_USER and MYSQL_ADMIN_PASSWORD. The other variables are
// those of serve.
func (m Migration) run(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	service, secret := mysql.ReadConfig(r, m.Database), r.TextOr("ADMIN_SECRET_ARN", "")

	admin := service
	admin.Auth, admin.MaxConnections = stores.AuthPassword, 1

	parsed, err := arn.Parse(secret)

	switch {
	case secret == "":
		admin.User = r.Text("MYSQL_ADMIN_USER", "a user that can create tables and users, unless ADMIN_SECRET_ARN is set")
		admin.Password = r.Secret("MYSQL_ADMIN_PASSWORD", "the password of MYSQL_ADMIN_USER")
	case err != nil || parsed.Service != "secretsmanager" || parsed.Region == "":
		r.Reject(fmt.Errorf("ADMIN_SECRET_ARN: got %q, expected the ARN of a secret, "+
			"arn:aws:secretsmanager:<region>:<account>:secret:<name>", secret))
	}

	if err := r.Err(); err != nil {
		return err
	}

	if secret != "" {
		// The secret's own region: AWS_REGION is for tokens, and is not set with a password.
		role, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRegion(parsed.Region))
		if err != nil {
			return fmt.Errorf("loading the AWS configuration (ADMIN_SECRET_ARN): %w", err)
		}

		if admin.User, admin.Password, err = fromSecret(ctx, role, secret); err != nil {
			return fmt.Errorf("reading the secret %s (ADMIN_SECRET_ARN): %w", secret, err)
		}
	}

	return m.Run(ctx, admin, service, log)
}

var errIncomplete = errors.New("expected the members username and password, as RDS writes them")

// fromSecret reads the admin's name and password, which RDS keeps in Secrets Manager. RDS rotates the password, so it
// is read when it is used, and never stored.
func fromSecret(ctx context.Context, role aws.Config, arn string) (string, config.Secret, error) {
	secret, err := secretsmanager.NewFromConfig(role).GetSecretValue(ctx,
		&secretsmanager.GetSecretValueInput{SecretId: &arn})
	if err != nil {
		return "", config.Secret{}, err
	}

	var admin struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}

	// The decoder's error would show a part of the secret.
	if json.Unmarshal([]byte(aws.ToString(secret.SecretString)), &admin) != nil ||
		admin.Username == "" || admin.Password == "" {
		return "", config.Secret{}, errIncomplete
	}

	return admin.Username, config.NewSecret(admin.Password), nil
}
