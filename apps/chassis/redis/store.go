package redis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"github.com/msur/platform/apps/chassis/health"
	"github.com/msur/platform/apps/chassis/metrics"
	"github.com/msur/platform/apps/chassis/stores"
)

// Store is the pool of a service. It returns the errors of go-redis; Classify them.
type Store struct {
	*redis.Client

	// probe has a connection of its own, for the health check: a busy service is healthy.
	probe *redis.Client
	// failed counts a call that Redis failed.
	failed func()
}

// Open returns the store of a service and registers its metrics. It connects when it is used, not before.
func Open(ctx context.Context, cfg Config, log *slog.Logger, m *metrics.Metrics) (*Store, error) {
	cfg.Warn(log, "REDIS")

	password, err := cfg.Passwords(ctx, cfg.Tokens)
	if err != nil {
		return nil, err
	}

	s := NewStore(cfg, password, func() { m.DependencyFailed("redis") })
	m.Register(s.collectors()...)

	return s, nil
}

// NewStore returns a store. It calls failed for each call that Redis fails, but not for a caller who left or for a full
// pool.
func NewStore(cfg Config, password stores.Password, failed func()) *Store {
	return &Store{
		Client: newClient(cfg, password, cfg.MaxConnections), probe: newClient(cfg, password, 1), failed: failed,
	}
}

// Close closes all connections.
func (s *Store) Close() error { return errors.Join(s.Client.Close(), s.probe.Close()) }

// Check is the health check: Redis answers PING to the service's user.
func (s *Store) Check() health.Check {
	return health.Check{Name: "redis:ping", Ask: func(ctx context.Context) error {
		return s.Classify(ctx, s.probe.Ping(ctx).Err())
	}}
}

// Classify adds stores.ErrUnavailable to an error of Redis after which a later request may succeed.
func (s *Store) Classify(ctx context.Context, err error) error {
	if err == nil {
		return nil
	}

	// A caller who left, or a pool that is too small, is not a failure of Redis.
	if !errors.Is(ctx.Err(), context.Canceled) && !errors.Is(err, redis.ErrPoolTimeout) {
		s.failed()
	}

	if network, ok := errors.AsType[net.Error](err); ok && network.Timeout() && ctx.Err() == nil {
		return fmt.Errorf("querying Redis: %w (%w)", context.DeadlineExceeded, err)
	}

	_, isAnswer := errors.AsType[redis.Error](err)

	return stores.Explain(ctx, "Redis", err, isAnswer && !temporary(err))
}

// temporary reports whether Redis answered that it starts, fails over, is full, or has another password.
func temporary(err error) bool {
	return redis.IsLoadingError(err) || redis.IsReadOnlyError(err) || redis.IsMasterDownError(err) ||
		redis.IsClusterDownError(err) || redis.IsTryAgainError(err) || redis.IsMaxClientsError(err) ||
		redis.IsOOMError(err) || redis.IsNoReplicasError(err) || redis.IsAuthError(err) ||
		redis.IsExecAbortError(err) // a transaction that met one of the others
}

// collectors measure the pool.
func (s *Store) collectors() []prometheus.Collector {
	read := func(value func(*redis.PoolStats) uint32) func() float64 {
		return func() float64 { return float64(value(s.PoolStats())) }
	}

	return []prometheus.Collector{
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "redis_pool_connections", Help: "Open connections."},
			read(func(p *redis.PoolStats) uint32 { return p.TotalConns })),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "redis_pool_idle_connections", Help: "Open connections that are not in use.",
		}, read(func(p *redis.PoolStats) uint32 { return p.IdleConns })),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "redis_pool_waiting", Help: "Requests that wait for a connection.",
		}, read(func(p *redis.PoolStats) uint32 { return p.PendingRequests })),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "redis_pool_timeouts_total", Help: "Requests that waited for a connection and got none.",
		}, read(func(p *redis.PoolStats) uint32 { return p.Timeouts })),
		prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "redis_pool_stale_connections_total", Help: "Connections closed because of their age or state.",
		}, read(func(p *redis.PoolStats) uint32 { return p.StaleConns })),
	}
}
