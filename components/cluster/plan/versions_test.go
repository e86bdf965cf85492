package plan_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/cluster/plan"
)

func TestEachMinorIsSupportedToItsLastDay(t *testing.T) {
	t.Parallel()

	known := plan.Minors()
	require.NotEmpty(t, known)
	assert.True(t, slices.IsSorted(known))

	for _, minor := range known {
		end, is := plan.SupportEnd(minor)
		require.True(t, is, minor)

		assert.True(t, plan.Supported(minor, end.AddDate(-1, 0, 0)), minor)
		assert.True(t, plan.Supported(minor, end.Add(23*time.Hour)), "%s: the last day counts", minor)
		assert.False(t, plan.Supported(minor, end.Add(24*time.Hour)), "%s: the day after does not", minor)
	}
}

// The days are those of the Amazon EKS User Guide, "Kubernetes versions".
func TestTheEndsOfStandardSupport(t *testing.T) {
	t.Parallel()

	for minor, last := range map[string]time.Time{
		"1.34": time.Date(2026, time.December, 2, 0, 0, 0, 0, time.UTC),
		"1.35": time.Date(2027, time.March, 27, 0, 0, 0, 0, time.UTC),
		"1.36": time.Date(2027, time.August, 2, 0, 0, 0, 0, time.UTC),
	} {
		end, known := plan.SupportEnd(minor)
		assert.True(t, known, minor)
		assert.Equal(t, last, end, minor)
	}
}

// A day ends in UTC, whatever the time zone of the machine.
func TestTheLastDayOfSupportIsInUTC(t *testing.T) {
	t.Parallel()

	end, _ := plan.SupportEnd("1.35")
	over := end.AddDate(0, 0, 1)

	for _, hours := range []int{-11, 0, 14} {
		there := time.FixedZone("there", hours*int(time.Hour/time.Second))

		assert.True(t, plan.Supported("1.35", over.Add(-time.Second).In(there)), hours)
		assert.False(t, plan.Supported("1.35", over.In(there)), hours)
	}
}

func TestALaterMinorIsSupportedLonger(t *testing.T) {
	t.Parallel()

	var last time.Time

	for _, minor := range plan.Minors() {
		end, _ := plan.SupportEnd(minor)
		assert.True(t, end.After(last), minor)

		last = end
	}
}

func TestAnUnknownMinorHasNoSupport(t *testing.T) {
	t.Parallel()

	for _, minor := range []string{"", "1.2", "1.3", "2.35", "v1.35", "1.35.1"} {
		_, known := plan.SupportEnd(minor)
		assert.False(t, known, minor)
		assert.False(t, plan.Supported(minor, time.Time{}), minor)
	}
}
