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
	// idleTimeout is longer than the 90 seconds for which Traefik keeps a connection to us: if we were the first to close
	// it, a PUT that is on its way just then would end as 502, since nobody may repeat that.
	idleTimeout = 2 * time.Minute
	// writeMargin is what writing the answer may take beyond making it.
	writeMargin = 5 * time.Second
	maxHeader   = 64 << 10
)

// Run serves at the port of the configuration until the context ends.
func (s Service) Run(ctx context.Context, cfg Config) error {
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

// Serve answers on the listener until the context ends. Then /health fails, new callers are still answered for the
// drain delay, and what has begun by then is waited for. An error says that the listener broke or that requests had to
// be cut off.
func (s Service) Serve(ctx context.Context, listener net.Listener, cfg Config) error {
	server := s.server(cfg)
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

// server sets what a connection may take of our time.
func (s Service) server(cfg Config) *http.Server {
	return &http.Server{
		Handler:           s.Handler(cfg),
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		// Whose body does not come is still to be told so.
		WriteTimeout:   max(readTimeout, cfg.RequestTimeout) + writeMargin,
		IdleTimeout:    idleTimeout,
		MaxHeaderBytes: maxHeader,
		ErrorLog:       slog.NewLogLogger(s.Log.Handler(), slog.LevelWarn),
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
