package settings_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/msur/platform/stacks/settings"
)

// Whatever the disk at first and at most, one mend or two make of it one that RDS takes.
func TestThereIsRoomForEveryDiskToGrow(t *testing.T) {
	t.Parallel()

	size := rapid.OneOf(rapid.IntRange(-1, 120), rapid.IntRange(59570, 59590), rapid.IntRange(65530, 65540))

	rapid.Check(t, func(r *rapid.T) {
		config := with(t, map[string]string{
			database + ".storageGiB":    strconv.Itoa(size.Draw(r, "disk at first")),
			database + ".maxStorageGiB": strconv.Itoa(size.Draw(r, "disk at most")),
		})

		_, problems := settings.Load(stack, config, neighbours())
		for range 2 {
			if len(problems) > 0 {
				config = apply(t, config, problems[0].Mend)
				_, problems = settings.Load(stack, config, neighbours())
			}
		}

		require.Empty(r, problems)

		loaded, _ := settings.Load(stack, config, neighbours())
		first, most := loaded.Database.StorageGiB, loaded.Database.MaxStorageGiB
		assert.GreaterOrEqual(r, first, 20)
		assert.GreaterOrEqual(r, 10*most, 11*first, "RDS wants a tenth more")
		assert.LessOrEqual(r, most, 65536)
	})
}

// The largest disk is the largest that has room to grow.
func TestNoDiskIsRefusedThatCouldGrow(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{
		database + ".storageGiB": "59578", database + ".maxStorageGiB": "65536",
	}), neighbours())
	assert.Empty(t, problems)
}
