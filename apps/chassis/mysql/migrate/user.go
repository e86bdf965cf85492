package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/stores"
)

// grant creates or updates the service's user, which can read and write the rows of the service's tables, and nothing
// else. It grants before it revokes: the service runs meanwhile.
func (m Migration) grant(ctx context.Context, connection *sql.Conn, service mysql.Config) error {
	var admin string
	if err := connection.QueryRowContext(ctx, `SELECT CURRENT_USER()`).Scan(&admin); err != nil {
		return fmt.Errorf("reading the name of the admin: %w", err)
	}

	if strings.HasPrefix(admin, service.User+"@") {
		return fmt.Errorf("MYSQL_USER: got %q, expected a user other than the admin: the migration revokes "+
			"its other privileges", service.User)
	}

	how, parameters, err := logIn(service)
	if err != nil {
		return err
	}

	for _, statement := range []string{"CREATE USER IF NOT EXISTS ?@'%'", "ALTER USER ?@'%'"} {
		if _, err := connection.ExecContext(ctx, statement+how, parameters...); err != nil {
			return fmt.Errorf("creating the user %s: %w", service.User, err)
		}
	}

	tables := make([]string, 0, len(m.Tables))
	for _, table := range m.Tables {
		tables = append(tables, quote(service.Database)+"."+quote(table))
	}

	for _, table := range tables {
		//nolint:gosec // a name cannot be a parameter; it is quoted
		statement := "GRANT " + strings.Join(privileges(), ", ") + " ON " + table + " TO ?@'%'"
		if _, err := connection.ExecContext(ctx, statement, service.User); err != nil {
			return fmt.Errorf("granting privileges on %s to %s: %w", table, service.User, err)
		}
	}

	return revoke(ctx, connection, service.User, tables)
}

// logIn returns how the user logs in, and the parameters of the statement.
func logIn(service mysql.Config) (string, []any, error) {
	if service.Auth == stores.AuthIAM {
		return " IDENTIFIED WITH AWSAuthenticationPlugin AS 'RDS' REQUIRE SSL", []any{service.User}, nil
	}

	password, err := service.Password.Read()
	if err != nil {
		return "", nil, fmt.Errorf("reading the password of %s: %w", service.User, err)
	}

	// Without REQUIRE, a user that had to use TLS still has to. Only an admin can lift that.
	how := " IDENTIFIED BY ?"
	if service.TLS {
		how += " REQUIRE SSL"
	}

	return how, []any{service.User, password}, nil
}
