package redis

import (
	"github.com/prometheus/client_golang/prometheus"
)

// Collectors measure the pool.
func (s *Store) Collectors() []prometheus.Collector {
	gauge := func(name, help string, value func() uint32) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help},
			func() float64 { return float64(value()) })
	}
	counter := func(name, help string, value func() uint32) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help},
			func() float64 { return float64(value()) })
	}

	return []prometheus.Collector{
		gauge("redis_pool_connections", "Connections there are.",
			func() uint32 { return s.pool.PoolStats().TotalConns }),
		gauge("redis_pool_idle_connections", "Connections that nobody uses.",
			func() uint32 { return s.pool.PoolStats().IdleConns }),
		gauge("redis_pool_waiting", "Requests that wait for a connection.",
			func() uint32 { return s.pool.PoolStats().PendingRequests }),
		counter("redis_pool_timeouts_total", "Requests that waited for a connection in vain.",
			func() uint32 { return s.pool.PoolStats().Timeouts }),
		counter("redis_pool_stale_connections_total", "Connections that were closed for their age or state.",
			func() uint32 { return s.pool.PoolStats().StaleConns }),
	}
}
