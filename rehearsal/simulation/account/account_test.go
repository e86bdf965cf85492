package account_test

import (
	"os"
	"path/filepath"
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
	want.Owner, want.OwnerType = "o", "u"
	want.Returns, want.Leftover, want.Kept = true, true, true
	want.Private = map[string]string{"password": "p"}

	require.NoError(t, acct.Change(func(tx *account.Transaction) error {
		assert.Equal(t, 1, tx.Serial())
		tx.Put(want)

		return nil
	}))

	again := open(t, path)
	assert.Equal(t, []account.Resource{want}, again.Resources())
	require.NoError(t, again.Change(func(tx *account.Transaction) error {
		assert.Equal(t, 2, tx.Serial(), "numbers are unique, also across processes")
		tx.Delete(want.Key)

		return nil
	}))
	assert.Empty(t, open(t, path).Resources())
}

func TestFileMode(t *testing.T) {
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
	put(
		t, acct, resource("t", "old", "", "urn:x"), resource("t", "new", "", "urn:x"), resource("t", "other", "", "urn:y"),
	)
	found := acct.FindByURN("urn:x")
	require.Len(t, found, 2, "a replacement under way")
	assert.Equal(t, "new", found[0].ID)
	assert.Empty(t, acct.FindByURN("urn:z"))
}

func TestRegionsAndClustersAreSeparate(t *testing.T) {
	t.Parallel()

	acct := open(t, "")
	put(t, acct, resource("t", "same", "us-east-1", "e"), resource("t", "same", "us-west-2", "w"))
	east, _ := acct.Get(account.Key{Type: "t", ID: "same", Region: "us-east-1"})
	assert.Equal(t, "e", east.URN)

	_, exists := acct.Get(account.Key{Type: "t", ID: "same", Region: "us-east-1", Cluster: "c"})
	assert.False(t, exists)
}

func TestText(t *testing.T) {
	t.Parallel()

	r := resource("t", "a", "", "")
	r.Outputs["count"] = 1.0
	assert.Equal(t, "a", r.Text("id"))
	assert.Equal(t, "arn:a", r.Text("arn"))
	assert.Empty(t, r.Text("count"))

	r.Outputs["config"] = map[string]any{"ids": []any{"x", "y"}}
	assert.Equal(t, []string{"x", "y"}, r.Texts("config.ids"))
	assert.Empty(t, r.Texts("config.none"))
}

func TestPartOf(t *testing.T) {
	t.Parallel()

	part := resource("part", "p", "us-east-1", "")
	assert.False(t, part.PartOf(account.Resource{Key: account.Key{Region: "us-east-1"}}), "it has no owner")

	part.Owner, part.OwnerType = "same", "cluster"

	for name, test := range map[string]struct {
		owner account.Resource
		want  bool
	}{
		"its owner":             {owner: resource("cluster", "same", "us-east-1", ""), want: true},
		"a global owner":        {owner: resource("cluster", "same", "", ""), want: true},
		"another type":          {owner: resource("role", "same", "", "")},
		"another id":            {owner: resource("cluster", "other", "us-east-1", "")},
		"one in another region": {owner: resource("cluster", "same", "us-west-2", "")},
		"one in a cluster": {owner: account.Resource{
			Key: account.Key{Type: "cluster", ID: "same", Region: "us-east-1", Cluster: "k"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, test.want, part.PartOf(test.owner))
		})
	}
}

func TestATransactionSeesItsOwnChanges(t *testing.T) {
	t.Parallel()

	acct := open(t, "")
	put(t, acct, resource("t", "a", "", ""), resource("t", "b", "", ""))

	require.NoError(t, acct.Change(func(tx *account.Transaction) error {
		tx.Delete(account.Key{Type: "t", ID: "a"})
		tx.Put(resource("t", "c", "", ""))
		tx.Put(resource("t", "b", "", "urn:again"))

		_, there := tx.Get(account.Key{Type: "t", ID: "a"})
		assert.False(t, there)

		var ids []string
		for _, found := range tx.Find(func(r account.Resource) bool { return r.Type == "t" }) {
			ids = append(ids, found.ID+found.URN)
		}

		assert.Equal(t, []string{"burn:again", "c"}, ids, "sorted; a second put replaces the first")
		tx.Delete(account.Key{Type: "t", ID: "none"})

		return nil
	}))
	assert.Len(t, acct.Resources(), 2)
}

func TestReturnedResourcesAreCopies(t *testing.T) {
	t.Parallel()

	acct := open(t, "")
	given := resource("t", "a", "", "urn")
	given.Secrets = []string{"name"}
	given.Private = map[string]string{"password": "p"}
	given.Outputs["list"] = []any{map[string]any{"deep": "x"}}
	put(t, acct, given)

	spoil := func(r account.Resource) {
		r.Inputs["name"], r.Outputs["arn"], r.Secrets[0] = "spoilt", "spoilt", "spoilt"
		r.Private["password"] = "spoilt"
		list, _ := r.Outputs["list"].([]any)
		list[0] = "spoilt"
	}

	spoil(given)
	spoil(acct.FindByURN("urn")[0])

	found, _ := acct.Get(given.Key)
	spoil(found)
	require.NoError(t, acct.Change(func(tx *account.Transaction) error {
		inside, _ := tx.Get(given.Key)
		spoil(inside)
		spoil(tx.Find(func(account.Resource) bool { return true })[0])

		return nil
	}))

	stored, _ := acct.Get(given.Key)
	assert.Equal(t, map[string]any{"name": "a"}, stored.Inputs)
	assert.Equal(t, "arn:a", stored.Outputs["arn"])
	assert.Equal(t, []any{map[string]any{"deep": "x"}}, stored.Outputs["list"])
	assert.Equal(t, []string{"name"}, stored.Secrets)
	assert.Equal(t, map[string]string{"password": "p"}, stored.Private)
}
