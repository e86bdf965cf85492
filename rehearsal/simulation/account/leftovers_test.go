package account_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/simulation/account"
)

func TestLeftovers(t *testing.T) {
	t.Parallel()

	left := resource("log", "left", "us-east-1", "")
	left.Leftover = true
	adopted := resource("log", "adopted", "us-east-1", "urn:adopted")
	adopted.Leftover = true
	part := resource("log", "part", "us-east-1", "")
	part.Leftover, part.Owner, part.OwnerType = true, "c", "cluster"

	path := filepath.Join(t.TempDir(), "account.json")
	acct := open(t, path)
	put(t, acct, left, adopted, part, resource("log", "spared", "us-east-1", ""), resource("log", "made", "", "urn:made"))

	assert.Equal(t, []account.Resource{left}, acct.Leftovers())
	assert.Equal(t, []account.Resource{left}, open(t, path).Leftovers(), "another process finds it too")
}
