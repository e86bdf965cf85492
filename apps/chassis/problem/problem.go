// Package problem answers what went wrong as application/problem+json (RFC 9457).
package problem

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/msur/platform/apps/chassis/logs"
)

// ContentType is that of every problem.
const ContentType = "application/problem+json"

// StatusClientGone is nginx's word for a caller who left before the answer; only logs and metrics ever see it.
const StatusClientGone = 499

// Problem is what a caller is told, and an error until it is written. What it wraps is logged and never told.
type Problem struct { //nolint:errname // RFC 9457 calls it so
	Title     string    `json:"title"`
	Status    int       `json:"status"`
	Detail    string    `json:"detail,omitempty"`
	RequestID string    `json:"requestId,omitempty"`
	Errors    []Invalid `json:"errors,omitempty"`
	// RetryAfter is when to ask again, in the header of that name; zero is no advice.
	RetryAfter time.Duration `json:"-"`
	// Cause is for the log alone.
	Cause error `json:"-"`
}

// Invalid is one part of the request that cannot be taken.
type Invalid struct {
	// In is path, query, header or body.
	In string `json:"in"`
	// Field is the parameter's name, or the JSON pointer of a member of the body.
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// New makes a problem whose title is that of the status.
func New(status int, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Detail: detail}
}

// Unavailable is the problem of a service that cannot answer now, for the cause given, and that may be asked again.
// Without a cause nothing is logged of it.
func Unavailable(detail string, cause error) *Problem {
	p := New(http.StatusServiceUnavailable, detail)
	p.RetryAfter = time.Second
	p.Cause = cause

	return p
}

// Error is for the log.
func (p *Problem) Error() string {
	if p.Cause != nil {
		return fmt.Sprintf("%s: %v", p.Detail, p.Cause)
	}

	return p.Detail
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Write answers a request with an error: a Problem as it is, anything else in general terms. A cause is logged, as an
// error where it is the service's own.
func Write(w http.ResponseWriter, r *http.Request, log *slog.Logger, err error) {
	p := of(r, err)
	p.RequestID = logs.RequestID(r.Context())

	if p.Cause != nil {
		level := slog.LevelWarn
		if p.Status >= http.StatusInternalServerError {
			level = slog.LevelError
		}

		log.Log(r.Context(), level, p.Title, "status", p.Status, "error", err)
	}

	w.Header().Set("Content-Type", ContentType)

	if p.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(p.RetryAfter.Seconds()))))
	}

	w.WriteHeader(p.Status)
	//nolint:errcheck,errchkjson // the caller who does not take the answer left, and all fields are plain
	json.NewEncoder(w).Encode(p)
}

// of is what the caller is told of an error: never its text.
func of(r *http.Request, err error) Problem {
	var (
		known   *Problem
		tooLong *http.MaxBytesError
	)

	switch {
	case errors.As(err, &known) && known.Status == http.StatusRequestTimeout:
		// net/http ends the context of a request whose body took too long, as that of a caller who left.
		return *known
	case errors.Is(r.Context().Err(), context.Canceled):
		return Problem{Title: "Client Closed Request", Status: StatusClientGone}
	case errors.As(err, &known):
		return *known
	case errors.As(err, &tooLong):
		return *New(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is longer than %d bytes", tooLong.Limit))
	case errors.Is(err, context.DeadlineExceeded):
		p := New(http.StatusGatewayTimeout, "the answer took too long")
		p.Cause = err

		return *p
	default:
		p := New(http.StatusInternalServerError, "an error of ours, which is logged under the request's id")
		p.Cause = err

		return *p
	}
}
