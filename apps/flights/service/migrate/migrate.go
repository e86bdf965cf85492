// Package migrate brings the database to what the service expects: its tables, and the user that it logs in as.
package migrate

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/pressly/goose/v3"

	"github.com/msur/platform/apps/flights/service/mysql"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// lockWait is how long one of several that start at once waits for the others.
	lockWait   = 5 * time.Minute
	unlockWait = 5 * time.Second
)

var errLocked = errors.New("another migration holds the lock; see SHOW PROCESSLIST for who")

// Run applies the migrations that are missing, and creates or alters the service's user. However many run it at once,
// one works at a time: the lock belongs to a connection, so that it goes with a process that dies.
func Run(ctx context.Context, admin *sql.DB, service mysql.Config, log *slog.Logger) error {
	connection, err := admin.Conn(ctx)
	if err != nil {
		return fmt.Errorf("connecting as admin: %w", err)
	}
	defer connection.Close()

	if err := lock(ctx, connection, service.Database); err != nil {
		return err
	}
	defer unlock(ctx, connection, service.Database)

	if err := Apply(ctx, admin, log); err != nil {
		return err
	}

	return grant(ctx, connection, service)
}

// lock waits for whoever is at it.
func lock(ctx context.Context, connection *sql.Conn, database string) error {
	var got sql.NullBool

	err := connection.QueryRowContext(ctx, `SELECT GET_LOCK(?, ?)`, lockName(database), lockWait.Seconds()).Scan(&got)
	if err != nil {
		return fmt.Errorf("locking %s for the migration: %w", database, err)
	}

	if !got.Bool {
		return fmt.Errorf("locking %s for the migration, for %s: %w", database, lockWait, errLocked)
	}

	return nil
}

// unlock lets the next one in at once, also after the context has ended; where it fails, closing the connection does.
func unlock(ctx context.Context, connection *sql.Conn, database string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), unlockWait)
	defer cancel()

	connection.ExecContext(ctx, `DO RELEASE_LOCK(?)`, lockName(database)) //nolint:errcheck // see above
}

// lockName is for the whole server, and may have 64 characters.
func lockName(database string) string {
	const most = 64

	name := "migrate " + database

	return name[:min(len(name), most)]
}

// table is where the migrations that have been applied are. Services may share a database, and each has its own.
const table = "flights_migrations"

// Apply applies the migrations that are missing. It leaves locks and users to Run.
func Apply(ctx context.Context, admin *sql.DB, log *slog.Logger) error {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}

	provider, err := goose.NewProvider(goose.DialectMySQL, admin, files, goose.WithTableName(table))
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}

	applied, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("applying the migrations: %w", err)
	}

	for _, one := range applied {
		log.InfoContext(ctx, "migrated", "file", one.Source.Path, "took", one.Duration.String())
	}

	return nil
}
