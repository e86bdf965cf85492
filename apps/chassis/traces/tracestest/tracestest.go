// Package tracestest receives spans inside a test.
package tracestest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// Receiver is an OTLP receiver that runs until its test ends.
type Receiver struct {
	// URL is its address, for OTEL_EXPORTER_OTLP_ENDPOINT.
	URL string

	mutex    sync.Mutex
	services map[string]bool
	received []*spans.Span
}

// Start starts a receiver.
func Start(t testing.TB) *Receiver {
	t.Helper()

	r := &Receiver{services: make(map[string]bool)}
	routes := http.NewServeMux()
	routes.HandleFunc("POST /v1/traces", func(w http.ResponseWriter, request *http.Request) {
		text, err := io.ReadAll(request.Body)
		assert.NoError(t, err)

		var export spans.TracesData

		assert.NoError(t, proto.Unmarshal(text, &export))
		r.add(&export)
		w.Header().Set("Content-Type", "application/x-protobuf")
	})

	server := httptest.NewServer(routes)
	t.Cleanup(server.Close)

	r.URL = server.URL

	return r
}

// Came reports whether spans of a service were received.
func (r *Receiver) Came(service string) bool {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	return r.services[service]
}

// Find returns the spans with a name that were received so far.
func (r *Receiver) Find(name string) []*spans.Span {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	var found []*spans.Span

	for _, span := range r.received {
		if span.GetName() == name {
			found = append(found, span)
		}
	}

	return found
}

// Await returns the first span with a name. OpenTelemetry sends spans every five seconds.
func (r *Receiver) Await(t testing.TB, name string) *spans.Span {
	t.Helper()
	require.Eventually(t, func() bool { return len(r.Find(name)) > 0 }, 30*time.Second, 5*time.Millisecond,
		"waiting for a span named %s", name)

	return r.Find(name)[0]
}

func (r *Receiver) add(export *spans.TracesData) {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	for _, of := range export.GetResourceSpans() {
		for _, attribute := range of.GetResource().GetAttributes() {
			if attribute.GetKey() == "service.name" {
				r.services[attribute.GetValue().GetStringValue()] = true
			}
		}

		for _, scope := range of.GetScopeSpans() {
			r.received = append(r.received, scope.GetSpans()...)
		}
	}
}

// Attribute returns an attribute of a span as a string, or an empty string.
func Attribute(span *spans.Span, key string) string {
	for _, attribute := range span.GetAttributes() {
		if attribute.GetKey() == key {
			if number := attribute.GetValue().GetIntValue(); number != 0 {
				return http.StatusText(int(number))
			}

			return attribute.GetValue().GetStringValue()
		}
	}

	return ""
}
