package account_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/account"
)

var errRefused = errors.New("refused")

// A process that is killed while it writes leaves an incomplete new file.
func TestATruncatedNewFileIsIgnored(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	put(t, open(t, path), resource("t", "a", "", "urn:a"))
	whole, err := os.ReadFile(path)
	require.NoError(t, err)

	for name, left := range map[string][]byte{
		"empty": {}, "a part": whole[:len(whole)/2], "another account": []byte("{}"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			own := filepath.Join(t.TempDir(), "account.json")
			require.NoError(t, os.WriteFile(own, whole, 0o600))
			require.NoError(t, os.WriteFile(own+".new", left, 0o600))

			acct := open(t, own)
			require.Len(t, acct.FindByURN("urn:a"), 1)
			put(t, acct, resource("t", "b", "", ""))
			assert.Len(t, open(t, own).Resources(), 2, "it does not affect the next change")
			assert.NoFileExists(t, own+".new")
		})
	}
}

func TestOpenWithANewFileOnly(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	require.NoError(t, os.WriteFile(path+".new", []byte(`{"serial": 9, "resources": []}`), 0o600))
	require.NoError(t, open(t, path).Change(func(tx *account.Transaction) error {
		assert.Equal(t, 1, tx.Serial(), "killed before its first change returned")

		return nil
	}))
}

// A process that opens the account during a change finds the state before or after it, and each change whole.
func TestFileIsAlwaysComplete(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	acct := open(t, path)
	done := make(chan struct{})

	go func() {
		defer close(done)

		for i := range 20 {
			id := strconv.Itoa(i)

			assert.NoError(t, acct.Change(func(tx *account.Transaction) error {
				tx.Put(resource("t", id, "east", ""))
				tx.Put(resource("t", id, "west", ""))

				return nil
			}))
		}
	}()

	before := 0

	for finished := false; !finished; {
		select {
		case <-done:
			finished = true
		default:
		}

		found, err := account.Open(path)
		require.NoError(t, err)

		count := len(found.Resources())
		assert.Zero(t, count%2, "both resources of a transaction or none")
		assert.GreaterOrEqual(t, count, before, "the fault does not fire again")
		before = count
	}

	<-done
	assert.Len(t, open(t, path).Resources(), 40)
}

func TestConcurrentChangesAndReads(t *testing.T) {
	t.Parallel()

	const workers, changes = 8, 5

	path := filepath.Join(t.TempDir(), "account.json")
	acct := open(t, path)
	given, problems := make([][]int, workers), make([]error, workers)

	var all sync.WaitGroup
	for worker := range workers {
		all.Go(func() {
			for i := range changes {
				key := account.Key{Type: "t", ID: fmt.Sprintf("%d-%d", worker, i)}

				err := acct.Change(func(tx *account.Transaction) error {
					given[worker] = append(given[worker], tx.Serial())
					tx.Put(resource(key.Type, key.ID, "", "urn"))

					return nil
				})
				problems[worker] = errors.Join(problems[worker], err)

				_, exists := acct.Get(key)
				assert.True(t, exists, "visible as soon as the change has returned")
				assert.NotEmpty(t, acct.FindByURN("urn"))
				assert.NotEmpty(t, acct.Resources())
			}
		})
	}

	all.Wait()
	require.NoError(t, errors.Join(problems...))
	assert.Len(t, acct.Resources(), workers*changes)
	assert.Equal(t, acct.Resources(), open(t, path).Resources())

	numbers := slices.Concat(given...)
	slices.Sort(numbers)
	assert.Len(t, slices.Compact(numbers), workers*changes, "all are distinct")
}

func TestFailedTransactionsChangeNothing(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	acct := open(t, path)
	put(t, acct, resource("t", "a", "", ""))

	require.ErrorIs(t, acct.Change(func(tx *account.Transaction) error {
		tx.Serial()
		tx.Put(resource("t", "b", "", ""))
		tx.Delete(account.Key{Type: "t", ID: "a"})

		return errRefused
	}), errRefused)

	for _, state := range []*account.Account{acct, open(t, path)} {
		require.Len(t, state.Resources(), 1)
		assert.Equal(t, "a", state.Resources()[0].ID)
	}

	require.NoError(t, acct.Change(func(tx *account.Transaction) error {
		assert.Equal(t, 1, tx.Serial(), "its number is not used either")

		return nil
	}))
}

func TestTransactionsThatCannotBeSavedChangeNothing(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		spoil func(t *testing.T, path string)
		want  string
	}{
		"the folder is a file": {want: "creating the folder of the account", spoil: func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.WriteFile(filepath.Dir(path), nil, 0o600))
		}},
		"the new file is a folder": {want: "writing the account", spoil: func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.MkdirAll(path+".new", 0o700))
		}},
		"the file is a folder": {want: "replacing the account", spoil: func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.MkdirAll(path, 0o700))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			path := filepath.Join(t.TempDir(), "folder", "account.json")
			acct := open(t, path)
			test.spoil(t, path)

			err := acct.Change(func(tx *account.Transaction) error {
				tx.Put(resource("t", "a", "", ""))

				return nil
			})
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, path[:len(path)-len("account.json")-1])
			assert.Empty(t, acct.Resources())
		})
	}
}

func TestUnchangedAccountsAreNotWritten(t *testing.T) {
	t.Parallel()

	path := filepath.Join(t.TempDir(), "account.json")
	require.NoError(t, open(t, path).Change(func(tx *account.Transaction) error {
		_, exists := tx.Get(account.Key{Type: "t", ID: "a"})
		assert.False(t, exists)
		assert.Empty(t, tx.Find(func(account.Resource) bool { return true }))

		return nil
	}))
	assert.NoFileExists(t, path)
}
