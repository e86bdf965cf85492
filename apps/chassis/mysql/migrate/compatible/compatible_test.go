package compatible_test

import (
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/mysql/migrate/compatible"
)

func check(up string) error {
	return compatible.Check(fstest.MapFS{"00002_b.sql": {Data: []byte(
		"-- +goose Up\n" + up + "\n\n-- +goose Down\nDROP TABLE things;\n",
	)}})
}

func TestWhatThePreviousReleaseSurvives(t *testing.T) {
	t.Parallel()

	for _, statement := range []string{
		"CREATE TABLE a (id INT PRIMARY KEY);",
		"CREATE TABLE a (id INT);\nALTER TABLE a ADD UNIQUE (id);\nDROP TABLE a;",
		"ALTER TABLE things ADD COLUMN a INT;",
		"ALTER TABLE things ADD COLUMN a INT NOT NULL DEFAULT 1, ADD COLUMN b INT AS (a + 1) NOT NULL;",
		"CREATE INDEX i ON things (a);",
		"ALTER TABLE things DROP INDEX i, DROP CONSTRAINT c;",
		"ALTER TABLE things ALTER COLUMN a SET DEFAULT 1;",
		"CREATE VIEW v AS SELECT 1;",
		"UPDATE things SET a = 1 WHERE a IS NULL;",
		"INSERT INTO things VALUES (1, ';');",
	} {
		assert.NoError(t, check(statement), statement)
	}
}

func TestWhatBreaksThePreviousReleaseNeedsAReason(t *testing.T) {
	t.Parallel()

	for statement, breaks := range map[string]string{
		"DROP TABLE IF EXISTS other,\n  things;":                                          "drops",
		"DROP VIEW v;":                                                                    "drops v",
		"DROP DATABASE d;":                                                                "drops a database",
		"TRUNCATE TABLE things;":                                                          "deletes the rows of things",
		"RENAME TABLE things TO stuff;":                                                   "renames things",
		"ALTER TABLE things RENAME TO stuff;":                                             "renames the table",
		"ALTER TABLE things ADD COLUMN a INT, DROP COLUMN b;":                             "drops the column b",
		"ALTER TABLE things RENAME COLUMN a TO b;":                                        "renames the column a",
		"ALTER TABLE things CHANGE a b INT;":                                              "changes the column a",
		"ALTER TABLE things MODIFY a INT NOT NULL;":                                       "changes the column a",
		"ALTER TABLE things ADD COLUMN a INT NOT NULL;":                                   "NOT NULL without a default",
		"ALTER TABLE things ADD COLUMN a INT UNIQUE;":                                     "unique column a",
		"CREATE UNIQUE INDEX i ON things (a);":                                            "unique key",
		"ALTER TABLE things ADD PRIMARY KEY (a);":                                         "unique key",
		"ALTER TABLE things ADD CONSTRAINT c CHECK (a > 0);":                              "constraint",
		"ALTER TABLE things ALTER COLUMN a DROP DEFAULT;":                                 "requires a value",
		"CREATE TRIGGER t BEFORE INSERT ON things FOR EACH ROW BEGIN SET NEW.a = 1; END;": "trigger",
		"ALTER THINGS;": "cannot be checked",
	} {
		err := check(statement)
		require.ErrorContains(t, err, breaks, statement)
		require.ErrorContains(t, err, "00002_b.sql:2: ", statement)

		assert.NoError(t, check("-- compatible: no release uses it\n"+statement), statement)
	}
}

func TestAReasonIsForOneStatement(t *testing.T) {
	t.Parallel()

	err := check("-- compatible: no release uses it\nDROP TABLE things;\n\nDROP TABLE stuff;")
	require.ErrorContains(t, err, ":5: the statement drops stuff")
	assert.NotContains(t, err.Error(), "things")
}

func TestABlockIsOneStatement(t *testing.T) {
	t.Parallel()

	const block = "-- +goose StatementBegin\nCREATE TRIGGER t BEFORE INSERT ON things FOR EACH ROW\nBEGIN\n" +
		"SET NEW.a = 1;\nEND;\n-- +goose StatementEnd\n"

	require.ErrorContains(t, check(block+"DROP TABLE stuff;"), "drops stuff")
	require.ErrorContains(t, check(block), "trigger")
}
