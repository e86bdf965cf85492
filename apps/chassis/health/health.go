// Package health answers whether a service lives (/ping) and whether it can work (/health), in the form of
// application/health+json. Only the second asks what the service depends on: a store that is away must not get the
// service restarted.
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
	// Fresh is how long the outcome of a check stands before the check runs again.
	Fresh = 10 * time.Second
	// Deadline is how long a check may take.
	Deadline = 2 * time.Second

	contentType = "application/health+json"
	pass        = "pass"
	fail        = "fail"
)

// Check asks something that the service depends on.
type Check struct {
	// Name is the component and what is measured of it, such as "db:dbQuery".
	Name string
	// Ask returns an error where it cannot be worked with. The error is logged and not told.
	Ask func(context.Context) error
}

// Health knows whether the service can work.
type Health struct {
	log      *slog.Logger
	now      func() time.Time
	checks   []*cached
	draining atomic.Bool
}

// New makes the health of a service from its checks. The time comes from now.
func New(log *slog.Logger, now func() time.Time, checks ...Check) *Health {
	h := &Health{log: log, now: now}
	for _, check := range checks {
		h.checks = append(h.checks, &cached{check: check, turn: make(chan struct{}, 1)})
	}

	return h
}

// Drain makes /health fail from now on, so that no new callers are sent here.
func (h *Health) Drain() { h.draining.Store(true) }

// Detail is the outcome of a check.
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

// Ping answers that the process lives.
func (h *Health) Ping(w http.ResponseWriter, _ *http.Request) {
	write(w, "application/json", answer{Status: pass})
}

// Health answers 200 where every check passes, and 503 where one fails or the service is about to stop.
func (h *Health) Health(w http.ResponseWriter, r *http.Request) {
	report := answer{Status: pass, Details: make(map[string]Detail, len(h.checks))}

	for name, detail := range h.details(r.Context()) {
		report.Details[name] = detail
		if detail.Status != pass {
			report.Status = fail
		}
	}

	if h.draining.Load() {
		report.Status, report.Notes = fail, []string{"about to stop"}
	}

	write(w, contentType, report)
}

// details runs the checks side by side: together they take no longer than the slowest.
func (h *Health) details(ctx context.Context) map[string]Detail {
	var (
		all     sync.WaitGroup
		mutex   sync.Mutex
		details = make(map[string]Detail, len(h.checks))
	)

	for _, c := range h.checks {
		all.Go(func() {
			detail := c.detail(ctx, h)

			mutex.Lock()
			defer mutex.Unlock()

			details[c.check.Name] = detail
		})
	}

	all.Wait()

	return details
}

func write(w http.ResponseWriter, contentType string, report answer) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")

	if report.Status != pass {
		w.WriteHeader(http.StatusServiceUnavailable)
	}

	//nolint:errcheck,errchkjson // the caller who does not take the answer left, and all fields are plain
	json.NewEncoder(w).Encode(report)
}
