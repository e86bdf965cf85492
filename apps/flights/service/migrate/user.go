package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/msur/platform/apps/flights/service/mysql"
)

// grant creates or alters the user that the service logs in as. It may read and write rows of the service's two tables
// and nothing else. No statement takes anything away in between: the service goes on while this runs.
func grant(ctx context.Context, connection *sql.Conn, service mysql.Config) error {
	how, parameters, err := identified(service)
	if err != nil {
		return err
	}

	for _, statement := range []string{"CREATE USER IF NOT EXISTS ?@'%'", "ALTER USER ?@'%'"} {
		_, err := connection.ExecContext(ctx, statement+how, append([]any{service.User}, parameters...)...)
		if err != nil {
			return fmt.Errorf("making the user %s: %w", service.User, err)
		}
	}

	for _, table := range []string{"flights", "seat_maps"} {
		on := quote(service.Database) + "." + quote(table)

		//nolint:gosec // a name cannot be a parameter; it is quoted
		_, err := connection.ExecContext(ctx, "GRANT SELECT, INSERT, UPDATE, DELETE ON "+on+" TO ?@'%'", service.User)
		if err != nil {
			return fmt.Errorf("granting %s to %s: %w", on, service.User, err)
		}
	}

	return nil
}

// identified says how the user logs in, with the parameters of the statement.
func identified(service mysql.Config) (string, []any, error) {
	if service.Auth == mysql.AuthIAM {
		return " IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL", nil, nil
	}

	password, err := service.Password.Read()
	if err != nil {
		return "", nil, fmt.Errorf("reading the password of %s: %w", service.User, err)
	}

	if service.TLS {
		return " IDENTIFIED BY ? REQUIRE SSL", []any{password}, nil
	}

	// Whoever had to use TLS still has to: that is for an admin to give up.
	return " IDENTIFIED BY ?", []any{password}, nil
}

// quote quotes a name, for which a statement has no parameters.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
