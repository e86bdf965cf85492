package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/msur/platform/apps/flights/service/mysql"
)

var errAdmin = errors.New("that is the admin, want a user of the service's own: it loses what else it may")

// grant creates or alters the user that the service logs in as. It may read and write rows of the service's two tables
// and nothing else. It has that before anything is taken from it: the service goes on while this runs.
func grant(ctx context.Context, connection *sql.Conn, service mysql.Config) error {
	var admin string
	if err := connection.QueryRowContext(ctx, `SELECT CURRENT_USER()`).Scan(&admin); err != nil {
		return fmt.Errorf("asking who the admin is: %w", err)
	}

	if strings.HasPrefix(admin, service.User+"@") {
		return fmt.Errorf("MYSQL_USER: got %q: %w", service.User, errAdmin)
	}

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

	tables := []string{quote(service.Database) + ".`flights`", quote(service.Database) + ".`seat_maps`"}
	for _, table := range tables {
		//nolint:gosec // a name cannot be a parameter; it is quoted
		statement := "GRANT " + strings.Join(rights(), ", ") + " ON " + table + " TO ?@'%'"
		if _, err := connection.ExecContext(ctx, statement, service.User); err != nil {
			return fmt.Errorf("granting rights on %s to %s: %w", table, service.User, err)
		}
	}

	return revoke(ctx, connection, service.User, tables)
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
