package behaviour_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

func TestNewTableReportsEveryMistake(t *testing.T) {
	t.Parallel()

	_, err := behaviour.NewTable(
		[]behaviour.Kind{
			{Type: "a"}, {Type: "b", References: []behaviour.Reference{{Property: "x", Types: []string{"a", "none"}}}},
		},
		[]behaviour.Kind{{Type: "a"}},
	)
	require.ErrorContains(t, err, "kind a is in the table twice")
	require.ErrorContains(t, err, "kind b: x refers to none, which is not in the table")
	assert.NotContains(t, err.Error(), "refers to a,")
}

func TestTable(t *testing.T) {
	t.Parallel()

	table, err := behaviour.NewTable([]behaviour.Kind{{Type: "b"}}, []behaviour.Kind{{Type: "a", Title: "A"}})
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, table.Types())
	kind, err := table.Kind("a")
	require.NoError(t, err)
	assert.Equal(t, "A", kind.Title)

	_, err = table.Kind("c")
	require.EqualError(t, err, "type c is not simulated")
}
