// Package health answers /ping and /health as application/health+json. An unavailable store makes a pod unready but
// never restarts it: only /health queries the store.
package health

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// Fresh is how long a result is reused before the check runs again.
	Fresh = 10 * time.Second
	// Deadline is the time limit of a check.
	Deadline = 2 * time.Second

	contentType = "application/health+json"
	pass        = "pass"
	fail        = "fail"
)

// Check checks a dependency of the service.
type Check struct {
	// Name is the component and the measurement, such as "db:dbQuery".
	Name string
	// Ask returns an error if the dependency does not work. The error is logged, and not sent to the caller.
	Ask func(context.Context) error
}

// Health reports whether the service works.
type Health struct {
	log      *slog.Logger
	now      func() time.Time
	checks   []*cached
	draining atomic.Bool
}

// New returns the health of a service with checks.
func New(log *slog.Logger, now func() time.Time, checks ...Check) *Health {
	h := &Health{log: log, now: now}
	for _, check := range checks {
		h.checks = append(h.checks, &cached{Check: check, turn: make(chan struct{}, 1)})
	}

	return h
}

// Drain makes /health fail, so that load balancers send no new requests.
func (h *Health) Drain() { h.draining.Store(true) }

// Detail is the result of a check.
type Detail struct {
	Status      string `json:"status"`
	MetricValue int64  `json:"metricValue"`
	MetricUnit  string `json:"metricUnit"`
	Time        string `json:"time"`
}

type answer struct {
	Status  string            `json:"status"`
	Notes   []string          `json:"notes,omitempty"`
	Details map[string]Detail `json:"details,omitempty"`
}

// Ping answers 200 while the process runs.
func (h *Health) Ping(w http.ResponseWriter, _ *http.Request) {
	write(w, "application/json", answer{Status: pass})
}

// Health answers 200 if every check passes, and 503 if one fails or the service is about to stop.
func (h *Health) Health(w http.ResponseWriter, r *http.Request) {
	report := answer{Status: pass, Details: make(map[string]Detail, len(h.checks))}
	details := make([]Detail, len(h.checks))

	var all sync.WaitGroup

	ctx := r.Context()

	for i, c := range h.checks {
		all.Go(func() { details[i] = c.detail(ctx, h) })
	}

	all.Wait()

	for i, detail := range details {
		report.Details[h.checks[i].Name] = detail
		if detail.Status != pass {
			report.Status = fail
		}
	}

	if h.draining.Load() {
		report.Status, report.Notes = fail, []string{"about to stop"}
	}

	write(w, contentType, report)
}

func write(w http.ResponseWriter, contentType string, report answer) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")

	if report.Status != pass {
		w.WriteHeader(http.StatusServiceUnavailable)
	}

	//nolint:errcheck,errchkjson // the caller may have left, and plain fields always encode
	json.NewEncoder(w).Encode(report)
}

// cached is a check with its last result.
type cached struct {
	Check

	// turn is a lock for the fields below. Callers who ask while the check runs wait for its result.
	turn  chan struct{}
	last  Detail
	until time.Time
}

// detail returns a result that is at most as old as Fresh. The check continues when a caller leaves: others share it.
func (c *cached) detail(ctx context.Context, h *Health) Detail {
	c.turn <- struct{}{}

	defer func() { <-c.turn }()

	start := h.now()
	if start.Before(c.until) {
		return c.last
	}

	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), Deadline)
	defer cancel()

	c.last = Detail{Status: pass, MetricUnit: "ms", Time: start.UTC().Format(time.RFC3339Nano)}

	if err := c.Ask(ctx); err != nil {
		h.log.ErrorContext(ctx, "a check failed", "check", c.Name, "error", err)

		c.last.Status = fail
	}

	end := h.now()
	c.last.MetricValue, c.until = end.Sub(start).Milliseconds(), end.Add(Fresh)

	return c.last
}
