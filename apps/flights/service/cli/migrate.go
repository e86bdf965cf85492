package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/msur/platform/apps/chassis/config"

	"github.com/msur/platform/apps/flights/service/migrate"
	"github.com/msur/platform/apps/flights/service/mysql"
)

// adminConnections: one holds the lock, one migrates.
const adminConnections = 2

// migrations reads whom to migrate as from ADMIN_SECRET_ARN, or from MYSQL_ADMIN_USER and MYSQL_ADMIN_PASSWORD. The
// rest of the configuration is that of serve, whose user it makes.
func migrations(ctx context.Context, log *slog.Logger, environ []string) error {
	r := config.NewReader(environ)
	secret, misnamed := migrate.ReadSecret(r)

	var admin migrate.Admin
	if secret == (arn.ARN{}) && misnamed == nil {
		admin.User = r.Text("MYSQL_ADMIN_USER", "who may create tables and users, unless ADMIN_SECRET_ARN is set")
		admin.Password = r.Secret("MYSQL_ADMIN_PASSWORD", "the password of MYSQL_ADMIN_USER")
	}

	service, err := mysql.ReadConfig(r)
	if err = errors.Join(misnamed, err); err != nil {
		return fmt.Errorf("reading the configuration:\n%w", err)
	}

	if secret != (arn.ARN{}) {
		if admin, err = fromSecret(ctx, secret); err != nil {
			return err
		}
	}

	db, err := open(ctx, asAdmin(service, admin), log)
	if err != nil {
		return err
	}
	defer db.Close()

	return migrate.Run(ctx, db, service, log)
}

// fromSecret asks in the region where the secret is: AWS_REGION is for tokens, and not set with a password.
func fromSecret(ctx context.Context, secret arn.ARN) (migrate.Admin, error) {
	role, err := awsconfig.LoadDefaultConfig(ctx, awsconfig.WithRegion(secret.Region))
	if err != nil {
		return migrate.Admin{}, fmt.Errorf("loading the AWS configuration (ADMIN_SECRET_ARN): %w", err)
	}

	return migrate.FromSecret(ctx, role, secret.String())
}

// asAdmin is the same database for the admin, who always has a password.
func asAdmin(service mysql.Config, admin migrate.Admin) mysql.Config {
	service.User, service.Password = admin.User, admin.Password
	service.Auth, service.MaxConnections = mysql.AuthPassword, adminConnections

	return service
}
