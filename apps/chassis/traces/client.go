package traces

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"time"

	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// longestAnswer is the number of bytes of an answer that are read.
const longestAnswer = 64 << 10

// client sends spans by OTLP over HTTP. OpenTelemetry's own client would double the size of a service: it contains
// gRPC, which it does not use.
type client struct {
	url    string
	header http.Header
	http   *http.Client
}

func newClient(target string, header http.Header) *client {
	return &client{url: target, header: header, http: &http.Client{Timeout: 10 * time.Second}}
}

// Start implements otlptrace.Client.
func (*client) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client.
func (c *client) Stop(context.Context) error {
	c.http.CloseIdleConnections()

	return nil
}

// UploadTraces implements otlptrace.Client. Data that the receiver does not take is lost.
func (c *client) UploadTraces(ctx context.Context, resources []*spans.ResourceSpans) error {
	// TracesData has the encoding of ExportTraceServiceRequest, whose package contains gRPC's service.
	body, err := proto.Marshal(&spans.TracesData{ResourceSpans: resources})
	if err != nil {
		return fmt.Errorf("encoding spans: %w", err)
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("sending spans: %w", err)
	}

	maps.Copy(request.Header, c.header)
	request.Header.Set("Content-Type", "application/x-protobuf")

	answer, err := c.http.Do(request)
	if err != nil {
		return fmt.Errorf("sending spans: %w", err)
	}

	// A connection whose answer was not read is not used again.
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, longestAnswer))
	_ = answer.Body.Close()

	if answer.StatusCode >= http.StatusMultipleChoices {
		return fmt.Errorf("sending spans: %s answered %s", c.url, answer.Status)
	}

	return nil
}
