package provider

import (
	"context"
	"sync"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

// connection is one caller. The engine opens a connection for each provider instance, and configures it once.
type connection struct {
	mu        sync.Mutex
	instance  Instance
	cancelled chan struct{} // closed when the engine cancels this instance's calls
	once      sync.Once
	engine    *grpc.ClientConn // nil until the engine attaches
}

type connectionKey struct{}

// connections tags the context of every call with its connection.
type connections struct{}

// TagConn creates the connection.
func (connections) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context {
	return context.WithValue(ctx, connectionKey{}, &connection{cancelled: make(chan struct{})})
}

// TagRPC leaves the context as it is.
func (connections) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }

// HandleRPC does nothing.
func (connections) HandleRPC(context.Context, stats.RPCStats) {}

// HandleConn closes the way back to the engine with the connection.
func (connections) HandleConn(ctx context.Context, event stats.ConnStats) {
	if _, ended := event.(*stats.ConnEnd); ended {
		connectionOf(ctx).detach()
	}
}

func connectionOf(ctx context.Context) *connection {
	if found, ok := ctx.Value(connectionKey{}).(*connection); ok {
		return found
	}

	return &connection{cancelled: make(chan struct{})}
}

func (c *connection) configure(instance Instance) {
	c.mu.Lock()
	defer c.mu.Unlock()

	c.instance = instance
}

// configured returns the instance, or an error when the engine never configured it.
func configured(ctx context.Context) (Instance, error) {
	c := connectionOf(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.instance == nil {
		return nil, status.Errorf(codes.FailedPrecondition, "the provider is not configured")
	}

	return c.instance, nil
}

func (c *connection) cancel() {
	c.once.Do(func() { close(c.cancelled) })
}

// hang waits until the engine cancels this connection's calls, and returns true, or until the caller leaves, and
// returns false.
func (c *connection) hang(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-c.cancelled:
		return true
	}
}
