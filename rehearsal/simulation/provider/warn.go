package provider

import (
	"context"
	"fmt"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/msur/platform/rehearsal/simulation/catalogue"
)

// attach opens the way back to the engine.
func (c *connection) attach(address string) error {
	engine, err := grpc.NewClient(address, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return fmt.Errorf("attaching to the engine: %w", err)
	}

	c.detach()

	c.mu.Lock()
	defer c.mu.Unlock()

	c.engine = engine

	return nil
}

func (c *connection) detach() {
	c.mu.Lock()
	defer c.mu.Unlock()

	if c.engine != nil {
		_ = c.engine.Close() // nothing is under way
	}

	c.engine = nil
}

// warn makes the engine print warnings about a resource. A warning that does not arrive is lost.
func (c *connection) warn(ctx context.Context, urn string, warnings []catalogue.Failure) {
	c.mu.Lock()
	engine := c.engine
	c.mu.Unlock()

	for _, warning := range warnings {
		if engine != nil {
			_, _ = pulumirpc.NewEngineClient(engine).Log(ctx, &pulumirpc.LogRequest{
				Severity: pulumirpc.LogSeverity_WARNING, Urn: urn, Message: warning.Reason,
			})
		}
	}
}
