// Package problem answers errors as application/problem+json (RFC 9457).
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

// ContentType is the content type of a problem.
const ContentType = "application/problem+json"

// StatusClientGone is nginx's status for a caller who left before the answer. Only logs and metrics show it.
const StatusClientGone = 499

// Problem is the answer to a request that failed. It is also an error, whose cause is logged and never sent.
type Problem struct { //nolint:errname // the name in RFC 9457
	Title     string    `json:"title"`
	Status    int       `json:"status"`
	Detail    string    `json:"detail,omitempty"`
	RequestID string    `json:"requestId,omitempty"`
	Errors    []Invalid `json:"errors,omitempty"`
	// RetryAfter becomes the header of that name. Zero omits it.
	RetryAfter time.Duration `json:"-"`
	// Cause is logged, and never sent.
	Cause error `json:"-"`
}

// Invalid is an invalid part of a request.
type Invalid struct {
	// In is path, query, header or body.
	In string `json:"in"`
	// Field is the parameter's name, or the JSON pointer of a member of the body.
	Field  string `json:"field"`
	Detail string `json:"detail"`
}

// New returns a problem with the title of the status.
func New(status int, detail string) *Problem {
	return &Problem{Title: http.StatusText(status), Status: status, Detail: detail}
}

// Unavailable returns the problem of a service that cannot answer now. The caller may retry. Without a cause, nothing
// is logged.
func Unavailable(detail string, cause error) *Problem {
	p := New(http.StatusServiceUnavailable, detail)
	p.RetryAfter, p.Cause = time.Second, cause

	return p
}

// Error returns the text for the log.
func (p *Problem) Error() string {
	if p.Cause != nil {
		return fmt.Sprintf("%s: %v", p.Detail, p.Cause)
	}

	return p.Detail
}

// Unwrap returns the cause.
func (p *Problem) Unwrap() error { return p.Cause }

// Write answers a request with an error. An error that is not a Problem gets a general answer. A cause is logged, as an
// error if the status is 5xx and as a warning otherwise.
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
	//nolint:errcheck,errchkjson // the caller may have left, and plain fields always encode
	json.NewEncoder(w).Encode(p)
}

// of returns the problem for an error. It never contains the text of the error.
func of(r *http.Request, err error) Problem {
	known, isKnown := errors.AsType[*Problem](err)
	tooLong, isTooLong := errors.AsType[*http.MaxBytesError](err)

	switch {
	case isKnown && known.Status == http.StatusRequestTimeout:
		// net/http cancels the context of a request whose body is late, as if the caller had left.
		return *known
	case errors.Is(r.Context().Err(), context.Canceled):
		return Problem{Title: "Client Closed Request", Status: StatusClientGone}
	case isKnown:
		return *known
	case isTooLong:
		return *New(http.StatusRequestEntityTooLarge, fmt.Sprintf("the body is longer than %d bytes", tooLong.Limit))
	}

	p := New(http.StatusInternalServerError, "internal error; the log has details under the request's id")
	if errors.Is(err, context.DeadlineExceeded) {
		p = New(http.StatusGatewayTimeout, "the answer took too long")
	}

	p.Cause = err

	return *p
}
