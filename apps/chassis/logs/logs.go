// Package logs returns the logger of a service. It writes JSON, one line for each event, with the id of the request.
package logs

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"

	"go.opentelemetry.io/otel/trace"
)

// New returns a logger. An event with the context of a request has its request_id, and its trace_id and span_id if the
// caller sent a traceparent.
func New(w io.Writer) *slog.Logger {
	out := &output{w: w}

	return slog.New(handler{Handler: slog.NewJSONHandler(out, nil), out: out, lines: new(sync.Pool)})
}

// output writes one line at a time.
type output struct {
	mutex sync.Mutex
	w     io.Writer
}

// Write writes a line.
func (o *output) Write(text []byte) (int, error) {
	o.mutex.Lock()
	defer o.mutex.Unlock()

	return o.w.Write(text)
}

type requestIDKey struct{}

// WithRequestID adds the id of a request to its context.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// RequestID returns the id of the request of a context, or an empty string.
func RequestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)

	return id
}

// handler adds the ids of the request, and writes odd lines with the JSONHandler in it.
type handler struct {
	slog.Handler

	out   *output
	lines *sync.Pool
	// attrs are those of each record.
	attrs line
}

// Handle writes a record.
func (h handler) Handle(ctx context.Context, record slog.Record) error {
	if id := RequestID(ctx); id != "" {
		record.AddAttrs(slog.String("request_id", id))
	}

	if span := trace.SpanContextFromContext(ctx); span.IsValid() {
		record.AddAttrs(
			slog.String("trace_id", span.TraceID().String()), slog.String("span_id", span.SpanID().String()),
		)
	}

	l, ok := h.lines.Get().(*line)
	if !ok {
		l = new(line)
	}

	var err error
	if l.record(record, h.attrs); l.odd {
		err = h.Handler.Handle(ctx, record)
	} else {
		_, err = h.out.Write(l.text)
	}

	if cap(l.text) <= longestLine {
		h.lines.Put(l)
	}

	return err
}

// WithAttrs adds to every record.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.Handler = h.Handler.WithAttrs(attrs)
	h.attrs.text = slices.Clip(h.attrs.text)

	for _, a := range attrs {
		h.attrs.attr(a)
	}

	return h
}

// WithGroup nests what follows.
func (h handler) WithGroup(name string) slog.Handler {
	h.Handler, h.attrs.odd = h.Handler.WithGroup(name), true

	return h
}
