package bench

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUsageIncludesChildProcesses(t *testing.T) {
	t.Parallel()

	b := &Bench{Project: t.TempDir(), Environment: []string{"PATH=/usr/bin:/bin"}}

	used, err := b.command(t.Context(), []string{"WORD=here"}, "sh", "-c", `sh -c 'test "$WORD" = here'`)
	require.NoError(t, err)
	assert.Positive(t, used.wall)
	assert.Positive(t, used.peak)

	_, err = b.command(t.Context(), nil, "sh", "-c", "echo why >&2; exit 3")
	require.ErrorContains(t, err, "why", "the output of a failed command")
}

func TestSecondsFormatsTheMedianAndTheExtremes(t *testing.T) {
	t.Parallel()

	times := []time.Duration{9 * time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second, 1 * time.Second}
	assert.Equal(t, "3.0 s (1.0 to 9.0)", seconds(times))
	assert.Equal(t, "2 MiB", megabytes(2<<20))
}

func TestAFigureIsPrintedWithItsCommand(t *testing.T) {
	t.Parallel()

	var printed strings.Builder

	b := &Bench{Out: &printed}
	b.figure("a figure", "3 s", "make it")
	assert.Equal(t, []string{"a", "figure", "3", "s", "make", "it"}, strings.Fields(printed.String()))
}
