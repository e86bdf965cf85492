package controlplane

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waits is a part that ends when it is told to.
func waits(ctx context.Context) error {
	<-ctx.Done()

	return ctx.Err()
}

func TestAPartThatEndsUnexpectedlyIsReported(t *testing.T) {
	t.Parallel()

	plane := &ControlPlane{server: newParts(t.Context()), askers: newParts(t.Context())}
	plane.server.run("the API server", waits)
	plane.askers.run("the scheduler", func(context.Context) error { return errors.New("no luck") })

	require.EqualError(t, plane.Wait(t.Context()), "the scheduler ended unexpectedly: no luck")
	plane.Stop()
}

func TestAStoppedPartIsNotReported(t *testing.T) {
	t.Parallel()

	running := newParts(t.Context())
	running.run("the API server", waits)
	running.stop(time.Minute)

	assert.Empty(t, running.ended)
}

func TestOnlyStopEndsParts(t *testing.T) {
	t.Parallel()

	ctx, cancel := context.WithCancel(t.Context())
	running := newParts(ctx)
	running.run("the API server", waits)

	cancel()
	require.NoError(t, running.ctx.Err(), "the API server is not to end before those that ask it")

	plane := &ControlPlane{server: running, askers: newParts(ctx)}
	require.NoError(t, plane.Wait(ctx), "who waits for it does")
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
	assert.Less(t, time.Since(began), time.Minute, "it does not wait for what has ended")
}

func TestAPartThatCannotBeCreatedDoesNotRun(t *testing.T) {
	t.Parallel()

	impossible := errors.New("no such flag")
	running := newParts(t.Context())

	err := running.make("the scheduler", func(context.Context, []string) (part, error) {
		return nil, impossible
	}, nil)

	require.ErrorIs(t, err, impossible)
	running.stop(time.Minute)
}

func TestTheContextOfAPartEndsWithThePart(t *testing.T) {
	t.Parallel()

	running := newParts(t.Context())
	made, ran := make(chan context.Context, 1), make(chan context.Context, 1)

	require.NoError(t, running.make("the scheduler", func(ctx context.Context, flags []string) (part, error) {
		assert.Equal(t, []string{"--flag"}, flags)

		made <- ctx

		return func(ctx context.Context) error {
			ran <- ctx

			return waits(ctx)
		}, nil
	}, []string{"--flag"}))

	for _, ctx := range []context.Context{<-made, <-ran} {
		require.NoError(t, ctx.Err())
		defer func() { assert.Error(t, ctx.Err(), "stop has ended it") }()
	}

	running.stop(time.Minute)
}

func TestUnknownFlagsAreReported(t *testing.T) {
	t.Parallel()

	_, err := newScheduler(t.Context(), []string{"--no-such-flag"})

	require.ErrorContains(t, err, "configuring the scheduler: unknown flag: --no-such-flag")
}
