// Package migrate prepares the database of a service: the database itself, its tables, and the user that the service
// logs in as.
package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"log/slog"
	"strings"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/msur/platform/apps/chassis/mysql"
)

// Migration is what a service keeps in its database.
type Migration struct {
	// Database is the name of the database, unless MYSQL_DATABASE is set.
	Database string
	// Files are the migrations, in the form of goose: 00001_name.sql.
	Files fs.FS
	// Applied is the table with the versions of the migrations that are applied.
	Applied string
	// Tables are the tables whose rows the service reads and writes.
	Tables []string
}

const lockWait = 5 * time.Minute

// Run creates the database, applies the missing migrations, and creates or updates the service's user. Several
// processes may run it at a time: a lock makes them take turns. The database releases the lock when its connection is
// closed, or the process dies.
func (m Migration) Run(ctx context.Context, admin, service mysql.Config, log *slog.Logger) error {
	admin.Warn(log, "MYSQL")

	server := admin
	server.Database = "" // it may not exist yet

	pool, err := mysql.OpenPool(ctx, server, log)
	if err != nil {
		return err
	}
	defer pool.Close()

	connection, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connecting as the admin: %w", err)
	}
	defer connection.Close()

	if err := lock(ctx, connection, service.Database); err != nil {
		return err
	}

	if _, err := connection.ExecContext(ctx, "CREATE DATABASE IF NOT EXISTS "+quote(service.Database)); err != nil {
		return fmt.Errorf("creating the database %s: %w", service.Database, err)
	}

	tables, err := mysql.OpenPool(ctx, admin, log)
	if err != nil {
		return err
	}
	defer tables.Close()

	if err := m.Apply(ctx, tables, log); err != nil {
		return err
	}

	return m.grant(ctx, connection, service)
}

// Apply applies the missing migrations. It takes no lock, and creates no user.
func (m Migration) Apply(ctx context.Context, db *sql.DB, log *slog.Logger) error {
	provider, err := goose.NewProvider(goose.DialectMySQL, db, m.Files, goose.WithTableName(m.Applied))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}

	applied, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("applying the migrations: %w", err)
	}

	for _, migration := range applied {
		log.InfoContext(ctx, "migrated", "file", migration.Source.Path, "took", migration.Duration.String())
	}

	return nil
}

func lock(ctx context.Context, connection *sql.Conn, database string) error {
	var locked sql.NullBool

	err := connection.QueryRowContext(ctx, `SELECT GET_LOCK(?, ?)`, lockName(database), lockWait.Seconds()).Scan(&locked)
	if err != nil {
		return fmt.Errorf("locking %s for the migration: %w", database, err)
	}

	if !locked.Bool {
		return fmt.Errorf("locking %s for the migration: gave up after %s: another migration holds the lock; "+
			"SHOW PROCESSLIST lists it", database, lockWait)
	}

	return nil
}

// lockName is unique on the server. MySQL allows 64 characters.
func lockName(database string) string {
	name := "migrate " + database

	return name[:min(len(name), 64)]
}

// quote quotes a name: names cannot be parameters of a statement.
func quote(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }
