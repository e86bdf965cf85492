package scenarios_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/launcher"
)

// waiting is the component's output while it waits for an API server.
const waiting = "more seconds for cluster readiness"

// poll prepares a rehearsal of a program whose cluster has a public endpoint, open to everyone or closed to the
// rehearsal.
func poll(t *testing.T, stack string) *rehearsal {
	t.Helper()

	project, err := filepath.Abs("testdata/poll")
	require.NoError(t, err)

	return rehearse(t, project, stack)
}

func TestAComponentContinuesWhenTheAPIServerAnswers(t *testing.T) {
	t.Parallel()

	r := poll(t, "open")
	r.must("up")
	r.must("destroy")
	r.gone()
}

// On AWS the component gives up after five minutes, in each up. To avoid the wait, the platform omits inputs that equal
// the default.
func TestAComponentWaitsForAnAPIServerThatDoesNotAnswer(t *testing.T) {
	t.Parallel()

	r := poll(t, "closed")
	printed := &output{}
	r.options.Stdout, r.options.Stderr = printed, printed

	ctx, interrupt := context.WithCancel(t.Context())
	ended := make(chan error, 1)

	go func() { ended <- launcher.Run(ctx, r.options, "up") }()

	require.Eventually(t, func() bool { return strings.Contains(printed.String(), waiting) },
		deadline, 100*time.Millisecond, "timeout before the component waits")
	interrupt()
	require.Error(t, <-ended, "the run was interrupted")

	r.must("destroy")
	r.gone()
}
