package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/go-sql-driver/mysql"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/metrics"
	"github.com/msur/platform/apps/chassis/stores"
	"github.com/msur/platform/apps/chassis/traces"
)

// Store runs the statements of a service. Its errors are stores.ErrUnavailable, a deadline, a caller who left, or a
// mistake in the service.
type Store struct {
	db    *sql.DB
	slots chan struct{}
	// failed counts a call that the database failed.
	failed func()
}

// Open returns the store of a service and registers its metrics. It connects when it is used, not before.
func Open(ctx context.Context, cfg Config, log *slog.Logger, m *metrics.Metrics) (*Store, error) {
	cfg.Warn(log, "MYSQL")

	db, err := OpenPool(ctx, cfg, log)
	if err != nil {
		return nil, err
	}

	m.Register(collectors.NewDBStatsCollector(db, cfg.Database))

	return NewStore(db, cfg.MaxConnections, func() { m.DependencyFailed("mysql") }), nil
}

// NewStore returns a store that runs so many requests at a time on a pool. It calls failed for each call that the
// database fails, but not for a caller who left or for a full pool.
func NewStore(db *sql.DB, requests int, failed func()) *Store {
	return &Store{db: db, slots: make(chan struct{}, requests), failed: failed}
}

// Close closes the pool.
func (s *Store) Close() error { return s.db.Close() }

// Check returns the health check of a service: a query on its tables, which fails until they are migrated.
func (s *Store) Check(query string) health.Check {
	return health.Check{Name: "db:dbQuery", Ask: func(ctx context.Context) error {
		var count int

		return s.explain(ctx, s.db.QueryRowContext(ctx, query).Scan(&count))
	}}
}

// Query runs a query, and calls scan for each row. A row that scan does not accept is a mistake in the service.
func (s *Store) Query(ctx context.Context, scan func(*sql.Rows) error, query string, args ...any) error {
	// database/sql would wait for a connection until the deadline of the request, and not report why.
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-ctx.Done():
		return fmt.Errorf("waiting for a connection: %w", ctx.Err())
	case <-time.After(patience):
		return errPoolFull
	}

	operation, _, _ := strings.Cut(query, " ")
	ctx, end := traces.Call(ctx, "mysql", operation)
	err := s.query(ctx, scan, query, args)
	end(err)

	return err
}

func (s *Store) query(ctx context.Context, scan func(*sql.Rows) error, query string, args []any) error {
	rows, err := s.db.QueryContext(ctx, query, args...)
	if err != nil {
		return s.explain(ctx, err)
	}
	defer rows.Close()

	for rows.Next() {
		if err := scan(rows); err != nil {
			return fmt.Errorf("querying MySQL: reading a row: %w", err)
		}
	}

	return s.explain(ctx, rows.Err())
}

// patience is the time that a request waits for a connection. When all are in use for longer, the pool is too small,
// and waiting only adds delay.
const patience = time.Second

var errPoolFull = fmt.Errorf("%w: all connections are in use (MYSQL_MAX_CONNECTIONS)", stores.ErrUnavailable)

// temporary are the error numbers of MySQL and MariaDB after which a later request may succeed.
func temporary() []uint16 {
	return []uint16{
		// A new connection is refused: too many connections, too many of this user, or a password that has changed.
		1040, 1203, 1226, 1045,
		// The database is not migrated yet: it does not exist, the user has no privileges on it, or tables are missing.
		1049, 1044, 1142, 1146,
		// The server shuts down, or the connection was killed.
		1053, 1317, 1927,
	}
}

// explain counts a failure, and adds stores.ErrUnavailable to a temporary error. An error without a number comes from
// the connection.
func (s *Store) explain(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}

	if !errors.Is(ctx.Err(), context.Canceled) {
		s.failed()
	}

	answer, ok := errors.AsType[*mysql.MySQLError](err)

	return stores.Explain(ctx, "MySQL", err, ok && !slices.Contains(temporary(), answer.Number))
}
