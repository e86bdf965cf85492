package versions_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster/versions"
)

func TestEachKnownMinorIsSupportedToItsLastDay(t *testing.T) {
	t.Parallel()

	known := versions.Known()
	require.NotEmpty(t, known)
	assert.True(t, slices.IsSorted(known))

	for _, minor := range known {
		end, is := versions.SupportEnd(minor)
		require.True(t, is, minor)

		assert.True(t, versions.Supported(minor, end.AddDate(-1, 0, 0)), minor)
		assert.True(t, versions.Supported(minor, end.Add(23*time.Hour)), "%s: the last day counts", minor)
		assert.False(t, versions.Supported(minor, end.Add(24*time.Hour)), "%s: the day after does not", minor)
	}
}

func TestALaterMinorIsSupportedLonger(t *testing.T) {
	t.Parallel()

	var last time.Time

	for _, minor := range versions.Known() {
		end, _ := versions.SupportEnd(minor)
		assert.True(t, end.After(last), minor)

		last = end
	}
}

func TestAnUnknownMinorHasNoSupport(t *testing.T) {
	t.Parallel()

	for _, minor := range []string{"", "1.2", "1.3", "2.35", "v1.35", "1.35.1"} {
		_, known := versions.SupportEnd(minor)
		assert.False(t, known, minor)
		assert.False(t, versions.Supported(minor, time.Time{}), minor)
	}
}
