// Package leveltest runs in tests what brings a cluster to what it should be.
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
	// Soon is how long a test waits for what is to become so, which takes far less.
	Soon = 10 * time.Second
	// Often is how often it looks.
	Often = 10 * time.Millisecond
)

// Start starts what runs until its context ends. The function that it returns ends it, as the test's end does, and
// fails the test if it does not end, or not well.
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

// Watched waits until so many kinds of objects of an imitated cluster are watched: what changes before is missed, as
// it would not be by the real one.
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
