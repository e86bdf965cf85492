// Package leveltest runs reconcilers in tests.
package leveltest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	clienttesting "k8s.io/client-go/testing"
)

const (
	// Soon is the time limit for a condition that holds much sooner.
	Soon = 10 * time.Second
	// Often is the interval of checking a condition.
	Often = 10 * time.Millisecond
)

// Start starts a function that runs until its context ends. The returned function ends it, as does the end of the test,
// and fails the test if the function does not end or returns an error.
func Start(t *testing.T, runs func(context.Context) error) func() {
	t.Helper()

	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)

	go func() {
		ended <- runs(ctx)

		close(ended)
	}()

	stop := func() {
		t.Helper()
		cancel()

		select {
		case err := <-ended:
			require.NoError(t, err, "it is to end well when its context does")
		case <-time.After(Soon):
			require.Fail(t, "it is to end when its context does")
		}
	}
	t.Cleanup(stop)

	return stop
}

// Watched waits until a number of kinds are watched in a fake cluster. Unlike a real API server, a fake one does not
// report changes that happen before.
func Watched(t *testing.T, cluster interface{ Actions() []clienttesting.Action }, kinds int) {
	t.Helper()
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		watched := 0

		for _, action := range cluster.Actions() {
			if action.GetVerb() == "watch" {
				watched++
			}
		}

		assert.Equal(t, kinds, watched, "kinds that are watched")
	}, Soon, Often)
}
