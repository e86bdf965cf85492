package traces

import (
	"context"
	"net/http"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Request starts the span of a request. The names of attributes are those of OpenTelemetry's semantic conventions 1.37.
// The query is not recorded: it may name a customer.
func Request(ctx context.Context, tracer trace.Tracer, r *http.Request) (context.Context, trace.Span) {
	return tracer.Start(ctx, r.Method, //nolint:spancheck // Answered ends the span
		trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(
			attribute.String("http.request.method", r.Method), attribute.String("url.path", r.URL.Path)))
}

// Answered ends the span of a request, with its route, such as "GET /things/{id}", and the status of its answer.
// A status of 0 means that the connection was aborted.
func Answered(span trace.Span, route string, status int) {
	if _, path, ok := strings.Cut(route, " "); ok {
		span.SetName(route)
		span.SetAttributes(attribute.String("http.route", path))
	}

	span.SetAttributes(attribute.Int("http.response.status_code", status))

	if status == 0 || status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, http.StatusText(status))
	}

	span.End()
}

// Call starts the span of a call of a store, below the span of the context. The returned function ends the span with
// the result. Without a recorded span in the context, both do nothing.
func Call(ctx context.Context, system, operation string) (context.Context, func(error)) {
	parent := trace.SpanFromContext(ctx)
	if !parent.IsRecording() {
		return ctx, func(error) {}
	}

	tracer := parent.TracerProvider().Tracer(scope)
	ctx, span := tracer.Start(ctx, operation, //nolint:spancheck // the returned function ends the span
		trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
			attribute.String("db.system.name", system), attribute.String("db.operation.name", operation)))

	return ctx, func(err error) { //nolint:spancheck // see above
		if err != nil {
			span.SetStatus(codes.Error, err.Error())
		}

		span.End()
	}
}
