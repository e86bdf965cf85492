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

func TestLeftoversOfTheEnvironmentAreReported(t *testing.T) {
	t.Parallel()

	const cluster, databases = "/aws/eks/s/cluster", "RDSOSMetrics"

	for name, leftovers := range map[string][]string{
		"nothing": nil, "of the environment": {cluster}, "of the account": {databases}, "both": {cluster, databases},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			var output bytes.Buffer

			s := newTestSession(t, false)
			s.options.Stdout = &output

			require.NoError(t, s.account.Change(func(transaction *account.Transaction) error {
				for _, id := range leftovers {
					transaction.Put(account.Resource{Key: account.Key{Type: "a:b:Logs", ID: id}, Leftover: true})
				}

				return nil
			}))

			s.reportLeftovers()

			listed := strings.Contains(output.String(), "tools/sweep.sh s") &&
				strings.Contains(output.String(), "a:b:Logs "+cluster+"\n")
			assert.Equal(t, slices.Contains(leftovers, cluster), listed, output.String())
			assert.NotContains(t, output.String(), databases, "a log group of the account")
			assert.Len(t, s.account.Resources(), len(leftovers), "the next up imports them")
		})
	}
}
