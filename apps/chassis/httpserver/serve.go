package httpserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"
)

const (
	// headerTimeout is short: slow headers are the cheapest attack there is.
	headerTimeout = 5 * time.Second
	readTimeout   = 10 * time.Second
	idleTimeout   = time.Minute
	// writeMargin is what writing the answer may take beyond making it.
	writeMargin = 5 * time.Second
	maxHeader   = 64 << 10
)

// Listen opens the port of the configuration.
func Listen(ctx context.Context, cfg Config) (net.Listener, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", ":"+strconv.Itoa(cfg.Port))
	if err != nil {
		return nil, fmt.Errorf("opening port %d (PORT): %w", cfg.Port, err)
	}

	return listener, nil
}

// Serve answers on the listener until the context ends. Then /health fails, new callers are still answered for the
// drain delay, and what has begun by then is waited for. An error says that the listener broke or that requests had to
// be cut off.
func (s Service) Serve(ctx context.Context, listener net.Listener, cfg Config) error {
	server := &http.Server{
		Handler:           s.Handler(cfg),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      cfg.RequestTimeout + writeMargin,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
	}

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

// stop ends a server whose context is over.
func (s Service) stop(ctx context.Context, server *http.Server, cfg Config) error {
	s.Health.Drain()
	s.Log.InfoContext(ctx, "stopping", "delay", cfg.DrainDelay.String())
	time.Sleep(cfg.DrainDelay)

	ctx, cancel := context.WithTimeout(ctx, cfg.DrainTimeout)
	defer cancel()

	if err := server.Shutdown(ctx); err != nil {
		return fmt.Errorf("requests were still being answered %s (DRAIN_TIMEOUT) after the port was closed: %w",
			cfg.DrainTimeout, errors.Join(err, server.Close()))
	}

	s.Log.InfoContext(ctx, "stopped")

	return nil
}
