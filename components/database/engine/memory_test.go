package engine_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/components/database/engine"
)

func TestMemoryOfInstanceClasses(t *testing.T) {
	t.Parallel()

	for class, gib := range map[string]int{
		"db.t4g.micro": 1, "db.t4g.small": 2, "db.t3.medium": 4, "db.t4g.large": 8, "db.t4g.2xlarge": 32,
		"db.m7g.large": 8, "db.m6i.32xlarge": 512, "db.r6g.xlarge": 32, "db.r7i.48xlarge": 1536,
		"db.x2g.16xlarge": 1024, "db.x2idn.16xlarge": 1024, "db.x2iedn.xlarge": 128,
	} {
		require.NoError(t, engine.CheckClass("8.4", class))
		assert.Equal(t, gib*1024, engine.MemoryMiB(class), class)
	}
}

// Control D0.
func TestOnlyTheSmallestClassLacksMemoryForIAMLogins(t *testing.T) {
	t.Parallel()

	for class, sufficient := range map[string]bool{
		"db.t3.micro": false, "db.t4g.micro": false, "db.t3.small": true, "db.t4g.small": true, "db.t4g.medium": true,
		"db.t4g.large": true, "db.m8g.large": true, "db.r7g.16xlarge": true,
	} {
		spare, known := engine.SpareMiB(class, engine.BufferPool(class))
		require.True(t, known)
		assert.Equal(t, sufficient, spare >= engine.MinSpareMiB, "%s leaves %d MiB", class, spare)
	}
}

func TestTheBufferPoolIsSetOnlyIfRDSsDefaultIsTooLarge(t *testing.T) {
	t.Parallel()

	for class, mib := range map[string]int{"db.t4g.micro": 0, "db.t4g.small": 256, "db.t4g.medium": 0, "db.r7g.large": 0} {
		want := ""
		if mib > 0 {
			want = strconv.Itoa(mib << 20)
		}

		assert.Equal(t, want, engine.BufferPool(class), class)
	}
}

func TestSpareMemoryBesideAPoolOfTheSettings(t *testing.T) {
	t.Parallel()

	for pool, want := range map[string]int{
		"134217728":                     2048 - 700 - 128,
		"1073741824":                    2048 - 700 - 1024,
		"{DBInstanceClassMemory*3/4}":   (2048 - 700) / 4,
		"{DBInstanceClassMemory * 1/2}": (2048 - 700) / 2,
	} {
		spare, known := engine.SpareMiB("db.t4g.small", pool)
		assert.True(t, known, pool)
		assert.InDelta(t, want, spare, 1, pool)
	}

	for _, pool := range []string{"GREATEST({DBInstanceClassMemory/9},1)", "{DBInstanceClassMemory*1/0}", "much"} {
		_, known := engine.SpareMiB("db.t4g.small", pool)
		assert.False(t, known, pool)
	}
}
