package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"strconv"
	"time"
)

const (
	// headerTimeout is short: slow headers are the cheapest attack.
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	// idleTimeout is longer than the 90 seconds for which Traefik keeps an idle connection. If the service closed it
	// first, a PUT sent at that moment would get 502, because Traefik must not repeat it.
	idleTimeout = 2 * time.Minute
	// writeMargin is the time for sending an answer.
	writeMargin = 5 * time.Second
	maxHeader   = 64 << 10
)

// Run serves at the port of the configuration until the context ends, with the traces of the configuration.
func (s Service) Run(ctx context.Context, cfg Config) error {
	tracer, stop, err := cfg.Traces.Start(ctx, s.Log)
	if err != nil {
		return err
	}
	defer stop()

	s.Tracer = tracer

	listener, err := Listen(ctx, cfg)
	if err != nil {
		return err
	}

	return s.Serve(ctx, listener, cfg)
}

// Listen opens the port of the configuration, at its address.
func Listen(ctx context.Context, cfg Config) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(cfg.Address, strconv.Itoa(cfg.Port)))
	if err != nil {
		return nil, fmt.Errorf("opening port %d (PORT) at %q (LISTEN_ADDRESS): %w", cfg.Port, cfg.Address, err)
	}

	return listener, nil
}

// Serve serves until the context ends. Then /health fails, new requests are still answered for the drain delay, and
// running requests can finish. It returns an error if the listener fails, or if requests did not finish in time.
func (s Service) Serve(ctx context.Context, listener net.Listener, cfg Config) error {
	CollectLess()

	server := NewServer(s.Handler(cfg), cfg.RequestTimeout, s.Log)
	broken := make(chan error, 1)

	go func() { broken <- server.Serve(listener) }()

	s.Log.InfoContext(ctx, "listening", "address", listener.Addr().String())

	select {
	case err := <-broken:
		return fmt.Errorf("serving on %s: %w", listener.Addr(), err)
	case <-ctx.Done():
		return s.stop(context.WithoutCancel(ctx), server, cfg)
	}
}

// CollectLess lets the heap grow before it is collected, unless GOGC is set. With Go's default, a heap of a few MiB is
// collected hundreds of times per second under load. GOMEMLIMIT, which the charts set, still bounds the memory.
func CollectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// NewServer returns a server that limits how long a connection can take. The timeout is that of a request.
func NewServer(handler http.Handler, timeout time.Duration, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		// A request whose body does not arrive still gets an answer.
		WriteTimeout:   max(readTimeout, timeout) + writeMargin,
		IdleTimeout:    idleTimeout,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

// stop stops the server gracefully.
func (s Service) stop(ctx context.Context, server *http.Server, cfg Config) error {
	s.Health.Drain()
	s.Log.InfoContext(ctx, "stopping", "delay", cfg.DrainDelay.String())
	time.Sleep(cfg.DrainDelay)

	ctx, cancel := context.WithTimeout(ctx, cfg.DrainTimeout)
	defer cancel()

	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("requests were still running %s (DRAIN_TIMEOUT) after the port was closed: %w",
			cfg.DrainTimeout, errors.Join(err, server.Close()))
	}

	s.Log.InfoContext(ctx, "stopped")

	return nil
}
