package settings_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/msur/platform/stacks/settings"
)

const database = "platform:database"

func TestDatabaseMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection(database)

	const small = "db.t4g.small"

	checkMistakes(t, map[string]mistake{
		"a version out of support":   of("version", `"8.0"`, `"8.0"`, "8.4", "8.4"),
		"a number that loses digits": of("version", `8`, `8`, "in quotes", "8.4"),
		"without a class":            of("instanceClass", "", "nothing", "instance class", small),
		"a class of nodes":           of("instanceClass", `"t4g.micro"`, `"t4g.micro"`, "instance class", small),
		"a class of the cache":       of("instanceClass", `"cache.t4g.micro"`, `"cache.t4g.micro"`, "db.", small),
		"a class too old":            of("instanceClass", `"db.m4.large"`, `"db.m4.large"`, "MySQL 8.4", small),
		"a string as multi-AZ":       of("multiAz", `"yes"`, `"yes"`, "true or false", "true"),
		"too large a class":          of("instanceClass", `"db.t4g.16xlarge"`, `"db.t4g.16xlarge"`, "xlarge, 2xlarge", small),
		"too small a class":          of("instanceClass", `"db.m7g.micro"`, `"db.m7g.micro"`, "large, xlarge,", small),
		"a class between two":        of("instanceClass", `"db.r7g.3xlarge"`, `"db.r7g.3xlarge"`, "2xlarge, 4xlarge,", small),
		"too small a disk":           of("storageGiB", `10`, `10`, "from 20 to 59578", "20"),
		"too large a disk":           of("storageGiB", `70000`, `70000`, "from 20 to 59578", "20"),
		"a disk too large to grow":   of("storageGiB", `59579`, `59579`, "from 20 to 59578", "20"),
		"a part of a GiB":            of("storageGiB", `20.5`, `20.5`, "whole number", "20"),
		"a disk that cannot grow":    of("maxStorageGiB", `21`, `21`, "from 22", "22"),
		"a disk that grows for ever": of("maxStorageGiB", `65537`, `65537`, "to 65536", "22"),
		"backups of a day":           of("backupRetentionDays", `1`, `1`, "from 7 to 35", "7"),
		"backups of a year":          of("backupRetentionDays", `365`, `365`, "from 7 to 35", "7"),
		"a misspelt member":          of("multiAZ", `true`, `true`, "platform:database.multiAz?", ""),
		"a password":                 of("password", `"x"`, `"x"`, "", ""),
	})
}

func TestParameterMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection(database + ".parameters")
	set := func(name, json, got, want string) mistake {
		made := of(name, json, got, want, "")
		made.values = map[string]string{database + ".parameters": `{"` + name + `": ` + json + `}`}

		return made
	}

	checkMistakes(t, map[string]mistake{
		"TLS turned off":     set("require_secure_transport", `"0"`, `"0"`, "encrypted"),
		"slow queries lost":  set("slow_query_log", `"0"`, `"0"`, "slow queries"),
		"another log's form": set("log_output", `"TABLE"`, `"TABLE"`, "log_output"),
		"one that waits":     set("performance_schema", `"1"`, `"1"`, "restart"),
		"one of RDS":         set("server_id", `"1"`, `"1"`, "RDS sets"),
		"too many":           set("max_connections", `"100001"`, `"100001"`, "1-100000"),
		"a capital":          set("Max", `"1"`, `"1"`, "MySQL parameter"),
		"nothing":            set("max_connections", `""`, `""`, "string"),
		"a list":             set("max_connections", `[1]`, `[1]`, "string"),
	})
}

// For any initial and maximum size, at most two fixes result in a disk that RDS accepts.
func TestEveryValidDiskHasRoomToGrow(t *testing.T) {
	t.Parallel()

	size := rapid.OneOf(rapid.IntRange(-1, 120), rapid.IntRange(59570, 59590), rapid.IntRange(65530, 65540))

	rapid.Check(t, func(r *rapid.T) {
		values := with(t, map[string]string{
			database + ".storageGiB":    strconv.Itoa(size.Draw(r, "disk at first")),
			database + ".maxStorageGiB": strconv.Itoa(size.Draw(r, "disk at most")),
		})

		_, problems := settings.Load(stack, values, neighbours())
		for range 2 {
			if len(problems) > 0 {
				values = apply(t, values, problems[0].Fix)
				_, problems = settings.Load(stack, values, neighbours())
			}
		}

		require.Empty(r, problems)

		loaded, _ := settings.Load(stack, values, neighbours())
		first, most := loaded.Database.StorageGiB, loaded.Database.MaxStorageGiB
		assert.GreaterOrEqual(r, first, 20)
		assert.GreaterOrEqual(r, 10*most, 11*first, "RDS wants a tenth more")
		assert.LessOrEqual(r, most, 65536)
	})
}

// The largest valid disk still has room to grow.
func TestTheLargestDiskThatCanGrowIsValid(t *testing.T) {
	t.Parallel()

	_, problems := settings.Load(stack, with(t, map[string]string{
		database + ".storageGiB": "59578", database + ".maxStorageGiB": "65536",
	}), neighbours())
	assert.Empty(t, problems)
}
