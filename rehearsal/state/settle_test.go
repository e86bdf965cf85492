package state_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/state"
)

func TestSettleRemovesPendingOperations(t *testing.T) {
	t.Parallel()

	tests := map[string]struct{ exported, want string }{
		"adds what the account contains, and forgets other operations": {
			`{"version": 3, "deployment": {
				"manifest": {"magic": "m"},
				"resources": [{"urn": "first", "id": "1"}],
				"pending_operations": [
					{"type": "creating", "resource": {"urn": "created", "inputs": {"a": 1}, "parent": "first"}},
					{"type": "creating", "resource": {"urn": "missing"}},
					{"type": "updating", "resource": {"urn": "first", "id": "1"}}
				]}}`,
			`{"version": 3, "deployment": {"manifest": {"magic": "m"}, "resources": [
				{"urn": "first", "id": "1"},
				{"urn": "created", "id": "i-created", "inputs": {"a": 1}, "parent": "first"}
			]}}`,
		},
		"marks a replaced resource for deletion": {
			`{"deployment": {
				"resources": [{"urn": "created", "id": "old"}, {"urn": "last", "id": "9"}],
				"pending_operations": [{"type": "creating", "resource": {"urn": "created"}}]}}`,
			`{"deployment": {"resources": [
				{"urn": "created", "id": "i-created"}, {"urn": "created", "id": "old", "delete": true}, {"urn": "last", "id": "9"}
			]}}`,
		},
		"keeps a stack that was never deployed": {`{"version": 3}`, `{"version": 3}`},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			settled, err := state.Settle([]byte(test.exported), map[string]string{"created": "i-created", "first": "other"})
			require.NoError(t, err)
			assert.JSONEq(t, test.want, string(settled))
		})
	}

	_, err := state.Settle([]byte("nonsense"), nil)
	require.Error(t, err)
}
