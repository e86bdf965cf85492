package launcher

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

func TestWhatServicesLeaveIsClearedAwayAndWhatIsTheAccountsToldApart(t *testing.T) {
	t.Parallel()

	const cluster, databases = "/aws/eks/s/cluster", "RDSOSMetrics"

	for name, left := range map[string][]string{
		"nothing": nil, "the environment's": {cluster}, "the account's": {databases}, "both": {cluster, databases},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var said bytes.Buffer

			s := newTestSession(t, false)
			s.options.Stdout = &said

			require.NoError(t, s.account.Change(func(transaction *account.Transaction) error {
				for _, id := range left {
					transaction.Put(account.Resource{Key: account.Key{Type: "a:b:Logs", ID: id}, Leftover: true})
				}

				return nil
			}))

			require.NoError(t, s.clearAway())
			assert.Empty(t, s.account.Resources())

			swept := strings.Contains(said.String(), "tools/sweep.sh s does that:\n  a:b:Logs "+cluster+"\n")
			assert.Equal(t, slices.Contains(left, cluster), swept, said.String())

			stays := strings.Contains(said.String(), databases+" too, which on AWS stays")
			assert.Equal(t, slices.Contains(left, databases), stays, said.String())
			assert.NotContains(t, said.String(), "Logs "+databases)
		})
	}
}
