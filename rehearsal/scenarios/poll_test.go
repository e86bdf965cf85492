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

// polls is what the component says while it waits for an API server.
const polls = "more seconds for cluster readiness"

// poll rehearses a program whose cluster has a public endpoint, which is open to all or closed to the rehearsal.
func poll(t *testing.T, stack string) *rehearsal {
	t.Helper()

	project, err := filepath.Abs("testdata/poll")
	require.NoError(t, err)

	return rehearse(t, project, stack)
}

func TestAComponentThatAsksAnOpenAPIServerGoesOn(t *testing.T) {
	t.Parallel()

	r := poll(t, "open")
	r.must("up")
	r.must("destroy")
	r.gone()
}

// On AWS it goes on after five minutes, at each up: which is why the platform leaves unsaid what is so anyway.
func TestAComponentThatAsksAnAPIServerWhichDoesNotLetItInWaits(t *testing.T) {
	t.Parallel()

	r := poll(t, "closed")
	printed := &output{}
	r.options.Stdout, r.options.Stderr = printed, printed

	ctx, interrupt := context.WithCancel(t.Context())
	ended := make(chan error, 1)

	go func() { ended <- launcher.Run(ctx, r.options, "up") }()

	require.Eventually(t, func() bool { return strings.Contains(printed.String(), polls) },
		deadline, 100*time.Millisecond, "awaited that the component waits")
	interrupt()
	require.Error(t, <-ended, "the run was interrupted")

	r.must("destroy")
	r.gone()
}
