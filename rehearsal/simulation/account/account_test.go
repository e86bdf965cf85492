package account_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

func resource(token, id, region, urn string) account.Resource {
	return account.Resource{
		Key: account.Key{Type: token, ID: id, Region: region}, URN: urn,
		Inputs: map[string]any{"name": id}, Outputs: map[string]any{"name": id, "arn": "arn:" + id},
	}
}

func put(t *testing.T, acct *account.Account, resources ...account.Resource) {
	t.Helper()
	require.NoError(t, acct.Change(func(tx *account.Transaction) error {
		for _, r := range resources {
			tx.Put(r)
		}

		return nil
	}))
}

func open(t *testing.T, path string) *account.Account {
	t.Helper()

	acct, err := account.Open(path)
	require.NoError(t, err)

	return acct
}

func TestOpen(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	broken := filepath.Join(folder, "broken.json")
	require.NoError(t, os.WriteFile(broken, []byte("{"), 0o600))

	assert.Empty(t, open(t, "").Resources())
	assert.Empty(t, open(t, filepath.Join(folder, "absent.json")).Resources(), "a missing file is an empty account")

	_, err := account.Open(broken)
	require.ErrorContains(t, err, broken)
	_, err = account.Open(folder)
	require.ErrorContains(t, err, "opening the account "+folder)
}

func TestEachChangeIsInTheFileBeforeItReturns(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "new", "account.json")
	acct := open(t, path)
	want := resource("t", "a", "us-east-1", "urn:a")
	want.Secrets = []string{"name"}
	want.Owner = "o"

	require.NoError(t, acct.Change(func(tx *account.Transaction) error {
		assert.Equal(t, 1, tx.Serial())
		tx.Put(want)

		return nil
	}))

	again := open(t, path)
	assert.Equal(t, []account.Resource{want}, again.Resources())
	require.NoError(t, again.Change(func(tx *account.Transaction) error {
		assert.Equal(t, 2, tx.Serial(), "numbers are never given twice, not even by another process")
		tx.Delete(want.Key)

		return nil
	}))
	assert.Empty(t, open(t, path).Resources())
}

func TestTheFileIsItsOwnersOnly(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	put(t, open(t, path), resource("t", "a", "", ""))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "no temporary file is left")
}

func TestAFailedChangeHasNotHappened(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	acct := open(t, path)
	put(t, acct, resource("t", "a", "", ""))

	refused := errors.New("refused")
	err := acct.Change(func(tx *account.Transaction) error {
		tx.Serial()
		tx.Put(resource("t", "b", "", ""))
		tx.Delete(account.Key{Type: "t", ID: "a"})

		return refused
	})
	require.ErrorIs(t, err, refused)

	for _, state := range []*account.Account{acct, open(t, path)} {
		require.Len(t, state.Resources(), 1)
		assert.Equal(t, "a", state.Resources()[0].ID)
	}

	require.NoError(t, acct.Change(func(tx *account.Transaction) error {
		assert.Equal(t, 1, tx.Serial())

		return nil
	}))
}

func TestAChangeThatCannotBeSavedHasNotHappened(t *testing.T) {
	t.Parallel()

	folder := t.TempDir()
	acct := open(t, filepath.Join(folder, "file", "account.json"))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), nil, 0o600), "the folder's name is a file's")

	err := acct.Change(func(tx *account.Transaction) error {
		tx.Put(resource("t", "a", "", ""))

		return nil
	})
	require.ErrorContains(t, err, "making the folder of the account")
	assert.Empty(t, acct.Resources())
}

func TestResourcesAreSortedCopies(t *testing.T) {
	t.Parallel()

	acct := open(t, "")
	put(t, acct,
		resource("u", "a", "", ""), resource("t", "b", "us-west-2", ""), resource("t", "z", "us-east-1", ""),
		resource("t", "a", "us-west-2", ""))

	var ids []string
	for _, r := range acct.Resources() {
		ids = append(ids, r.Type+r.ID)
		r.Outputs["name"] = "changed"
	}

	assert.Equal(t, []string{"tz", "ta", "tb", "ua"}, ids)

	found, exists := acct.Get(account.Key{Type: "u", ID: "a"})
	require.True(t, exists)
	assert.Equal(t, "a", found.Outputs["name"])
}

func TestFindByURN(t *testing.T) {
	t.Parallel()

	acct := open(t, "")
	put(t, acct, resource("t", "old", "", "urn:x"), resource("t", "new", "", "urn:x"), resource("t", "other", "", "urn:y"))
	found := acct.FindByURN("urn:x")
	require.Len(t, found, 2, "a replacement under way")
	assert.Equal(t, "new", found[0].ID)
	assert.Empty(t, acct.FindByURN("urn:z"))
}

func TestRegionsAndClustersAreApart(t *testing.T) {
	t.Parallel()

	acct := open(t, "")
	put(t, acct, resource("t", "same", "us-east-1", "e"), resource("t", "same", "us-west-2", "w"))
	east, _ := acct.Get(account.Key{Type: "t", ID: "same", Region: "us-east-1"})
	assert.Equal(t, "e", east.URN)

	_, exists := acct.Get(account.Key{Type: "t", ID: "same", Region: "us-east-1", Cluster: "c"})
	assert.False(t, exists)
}

func TestChangesAreOneAfterTheOther(t *testing.T) {
	t.Parallel()

	acct := open(t, filepath.Join(t.TempDir(), "account.json"))

	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			assert.NoError(t, acct.Change(func(tx *account.Transaction) error {
				tx.Put(resource("t", string(rune('a'+tx.Serial())), "", ""))

				return nil
			}))
		})
	}

	all.Wait()
	assert.Len(t, acct.Resources(), 20)
}

func TestText(t *testing.T) {
	t.Parallel()

	r := resource("t", "a", "", "")
	r.Outputs["count"] = 1.0
	assert.Equal(t, "a", r.Text("id"))
	assert.Equal(t, "arn:a", r.Text("arn"))
	assert.Empty(t, r.Text("count"))
}
