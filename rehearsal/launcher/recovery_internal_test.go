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

			s.reportLeftovers()

			listed := strings.Contains(said.String(), "tools/sweep.sh s") &&
				strings.Contains(said.String(), "a:b:Logs "+cluster+"\n")
			assert.Equal(t, slices.Contains(left, cluster), listed, said.String())
			assert.NotContains(t, said.String(), databases, "it is no environment's")
			assert.Len(t, s.account.Resources(), len(left), "the next up imports them")
		})
	}
}
