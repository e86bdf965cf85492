package state_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/state"
)

func TestSettle(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ exported, want string }{
		"what was made is taken in, and what was not is forgotten": {
			`{"version": 3, "deployment": {
				"manifest": {"magic": "m"},
				"resources": [{"urn": "first", "id": "1"}],
				"pending_operations": [
					{"type": "creating", "resource": {"urn": "made", "inputs": {"a": 1}, "parent": "first"}},
					{"type": "creating", "resource": {"urn": "not made"}},
					{"type": "updating", "resource": {"urn": "first", "id": "1"}}
				]}}`,
			`{"version": 3, "deployment": {"manifest": {"magic": "m"}, "resources": [
				{"urn": "first", "id": "1"},
				{"urn": "made", "id": "i-made", "inputs": {"a": 1}, "parent": "first"}
			]}}`,
		},
		"what was to be replaced is still to be deleted": {
			`{"deployment": {
				"resources": [{"urn": "made", "id": "old"}, {"urn": "last", "id": "9"}],
				"pending_operations": [{"type": "creating", "resource": {"urn": "made"}}]}}`,
			`{"deployment": {"resources": [
				{"urn": "made", "id": "i-made"}, {"urn": "made", "id": "old", "delete": true}, {"urn": "last", "id": "9"}
			]}}`,
		},
		"a stack that was never deployed stays so": {`{"version": 3}`, `{"version": 3}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			settled, err := state.Settle([]byte(test.exported), map[string]string{"made": "i-made", "first": "other"})
			require.NoError(t, err)
			assert.JSONEq(t, test.want, string(settled))
		})
	}

	_, err := state.Settle([]byte("nonsense"), nil)
	require.Error(t, err)
}
