package controlplane

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waits is a part that runs until its context ends.
func waits(ctx context.Context) error {
	<-ctx.Done()

	return ctx.Err()
}

func TestAPartThatEndsUnexpectedlyIsReported(t *testing.T) {
	t.Parallel()

	plane := &ControlPlane{server: newParts(t.Context()), clients: newParts(t.Context())}
	plane.server.run("the API server", waits)
	plane.clients.run("the scheduler", func(context.Context) error { return errors.New("no luck") })

	require.EqualError(t, plane.Wait(t.Context()), "the scheduler ended unexpectedly: no luck")
	plane.Stop()
}

func TestAStoppedPartIsNotReported(t *testing.T) {
	t.Parallel()

	running := newParts(t.Context())
	running.run("the API server", waits)
	running.stop(time.Minute)

	assert.Equal(t, context.Canceled, running.cause())
}

func TestOnlyStopEndsParts(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	running := newParts(ctx)
	running.run("the API server", waits)

	cancel()
	require.NoError(t, running.ctx.Err(), "the API server must not end before its clients")

	plane := &ControlPlane{server: running, clients: newParts(ctx)}
	require.NoError(t, plane.Wait(ctx), "Wait ends with its context")
	plane.Stop()
	assert.Error(t, running.ctx.Err())
}

func TestStopWaitsForALimitedTime(t *testing.T) {
	t.Parallel()

	const grace = 50 * time.Millisecond

	released := make(chan struct{})
	stuck := newParts(t.Context())
	stuck.run("the API server", func(context.Context) error {
		<-released

		return nil
	})

	began := time.Now()

	stuck.stop(grace)
	assert.GreaterOrEqual(t, time.Since(began), grace)
	close(released)

	quick := newParts(t.Context())
	quick.run("the scheduler", waits)

	began = time.Now()

	quick.stop(time.Minute)
	assert.Less(t, time.Since(began), time.Minute, "stop returns when the parts have ended")
}

func TestUnknownFlagsAreReported(t *testing.T) {
	t.Parallel()

	require.ErrorContains(t, runScheduler(t.Context(), []string{"--no-such-flag"}), "unknown flag: --no-such-flag")
}
