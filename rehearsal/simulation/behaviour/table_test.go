package behaviour_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

func TestATableHasKindsByType(t *testing.T) {
	t.Parallel()

	table := behaviour.NewTable([]behaviour.Kind{{Type: "b"}, {Type: "a", Title: "A"}})
	kind, err := table.Kind("a")
	require.NoError(t, err)
	assert.Equal(t, "A", kind.Title)

	_, err = table.Kind("c")
	require.EqualError(t, err, "type c is not simulated")
}
