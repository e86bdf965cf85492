// Package traces sends spans of requests, and of the calls of stores in them, to an OTLP receiver. Without a receiver
// nothing is recorded.
package traces

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/msur/platform/apps/chassis/config"
)

// scope is the instrumentation scope of all spans.
const scope = "github.com/msur/platform/apps/chassis/traces"

// Config says where spans go. Without a URL, nothing is recorded.
type Config struct {
	// Service is the service.name of the spans, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES has one.
	Service string
	// URL is the receiver's, for spans.
	URL string
	// Header has headers for the receiver, such as a key.
	Header http.Header
}

// ReadConfig reads OTEL_SDK_DISABLED, OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_EXPORTER_OTLP_ENDPOINT,
// OTEL_EXPORTER_OTLP_TRACES_ENDPOINT and OTEL_EXPORTER_OTLP_HEADERS. OpenTelemetry reads those of the resource, the
// sampler and the batches from the process.
func ReadConfig(r *config.Reader, service string) Config {
	url := ""
	if base := r.URL("OTEL_EXPORTER_OTLP_ENDPOINT"); base != nil {
		url = base.JoinPath("v1", "traces").String()
	}

	if exact := r.URL("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"); exact != nil {
		url = exact.String()
	}

	header := r.Header("OTEL_EXPORTER_OTLP_HEADERS")

	// The only protocol that is built in: another one would need gRPC's client.
	r.OneOf("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")

	isDisabled := r.OneOf("OTEL_SDK_DISABLED", "false", "true") == "true"
	if isDisabled || r.OneOf("OTEL_TRACES_EXPORTER", "otlp", "none") == "none" {
		url = ""
	}

	return Config{Service: service, URL: url, Header: header}
}

// Start returns a tracer, and a function that sends the remaining spans. Without a URL, the tracer is nil. A receiver
// that does not answer costs spans, not requests: the log has a warning.
func (c Config) Start(ctx context.Context, log *slog.Logger) (trace.Tracer, func(), error) {
	if c.URL == "" {
		return nil, func() {}, nil
	}

	exporter, err := otlptrace.New(ctx, newClient(c.URL, c.Header))
	if err != nil {
		return nil, nil, fmt.Errorf("configuring spans for %s: %w", c.URL, err)
	}

	described, err := resource.New(ctx, resource.WithAttributes(attribute.String("service.name", c.Service)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, nil, fmt.Errorf("reading OTEL_RESOURCE_ATTRIBUTES: %w", err)
	}

	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(logged{exporter, log}), sdktrace.WithResource(described))

	return provider.Tracer(scope), func() { stop(context.WithoutCancel(ctx), provider, log) }, nil
}

// stop sends the remaining spans. Together with the drain of a server, it takes less than the 30 seconds after which
// Kubernetes kills a pod.
func stop(ctx context.Context, provider *sdktrace.TracerProvider, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()

	if err := provider.Shutdown(ctx); err != nil {
		log.WarnContext(ctx, "the last spans are lost", "error", err.Error())
	}
}

// logged is an exporter whose errors are in the log of the service. OpenTelemetry would print them to stderr.
type logged struct {
	sdktrace.SpanExporter

	log *slog.Logger
}

// ExportSpans sends spans.
func (l logged) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	if err := l.SpanExporter.ExportSpans(ctx, spans); err != nil {
		l.log.WarnContext(ctx, "spans are lost", "spans", len(spans), "error", err.Error())
	}

	return nil
}
