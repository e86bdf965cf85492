// Package compatible finds statements of migrations that break the pods of the previous release: they still run after a
// migration, and again after a revert.
package compatible

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/dolthub/vitess/go/vt/sqlparser"
)

// Check returns all statements that may break the previous release. A comment above a statement that begins with
// "-- compatible:" gives the reason why it does not, such as "no release since v1.4 reads the column".
//
// A new table breaks nothing, nor does any change to a table that the same file creates.
func Check(migrations fs.FS) error {
	files, err := fs.Glob(migrations, "*.sql")
	if err != nil {
		return fmt.Errorf("finding migrations: %w", err)
	}

	var problems []error

	for _, file := range files {
		text, err := fs.ReadFile(migrations, file)
		if err != nil {
			return fmt.Errorf("reading a migration: %w", err)
		}

		created := []string{}

		for _, one := range up(string(text)) {
			parsed, err := sqlparser.Parse(one.text)

			breaks := problemOf(parsed, &created)
			if err != nil {
				breaks = "cannot be checked (" + err.Error() + ")"
			}

			if breaks != "" && !one.reasoned {
				problems = append(problems, fmt.Errorf("%s:%d: the statement %s; expected one that pods of the previous release "+
					"survive (expand, then contract), or the reason above it: -- compatible: <reason>", file, one.line, breaks))
			}
		}
	}

	return errors.Join(problems...)
}

// problemOf completes the sentence "the statement …" for one that may break the previous release. It adds the tables
// that the statement creates.
func problemOf(parsed sqlparser.Statement, created *[]string) string {
	old := func(name sqlparser.TableName) bool { return !slices.Contains(*created, name.Name.String()) }

	switch parsed := parsed.(type) {
	case *sqlparser.DBDDL:
		if parsed.Action == sqlparser.DropStr {
			return "drops a database"
		}
	case *sqlparser.DDL:
		return ofTables(parsed, created, old)
	case *sqlparser.AlterTable:
		for _, part := range parsed.Statements {
			if breaks := ofAlteration(part); breaks != "" && old(parsed.Table) {
				return breaks
			}
		}
	}

	return ""
}

func ofTables(ddl *sqlparser.DDL, created *[]string, old func(sqlparser.TableName) bool) string {
	switch {
	case ddl.Action == sqlparser.CreateStr && ddl.TriggerSpec != nil:
		return "creates a trigger, which changes what the previous release writes"
	case ddl.Action == sqlparser.CreateStr:
		*created = append(*created, ddl.Table.Name.String())
	case ddl.Action == sqlparser.TruncateStr && old(ddl.Table):
		return "deletes the rows of " + ddl.Table.Name.String()
	case ddl.Action == sqlparser.DropStr, ddl.Action == sqlparser.RenameStr:
		for _, table := range slices.Concat(ddl.FromTables, ddl.FromViews) {
			if old(table) {
				return ddl.Action + "s " + table.Name.String()
			}
		}
	}

	return ""
}

// ofAlteration judges one part of an ALTER TABLE.
func ofAlteration(part *sqlparser.DDL) string {
	switch {
	case part.Action == sqlparser.RenameStr:
		return "renames the table"
	case part.ColumnAction != "":
		return ofColumn(part)
	case part.ConstraintAction == sqlparser.AddStr:
		return "adds a constraint, which refuses what the previous release may write"
	case part.IndexSpec != nil && part.IndexSpec.Action == sqlparser.CreateStr && isUnique(part.IndexSpec.Type):
		return "adds a unique key, which refuses what the previous release may write"
	case part.NotNullSpec != nil, part.DefaultSpec != nil && part.DefaultSpec.Action == sqlparser.DropStr:
		return "requires a value that the previous release may not write"
	default:
		return ""
	}
}

func ofColumn(part *sqlparser.DDL) string {
	switch column := part.Column.String(); part.ColumnAction {
	case sqlparser.AddStr:
		return ofNewColumns(part.TableSpec.Columns)
	case sqlparser.DropStr, sqlparser.RenameStr:
		return part.ColumnAction + "s the column " + column
	default: // modify or change
		return "changes the column " + column
	}
}

func isUnique(index string) bool {
	return index == sqlparser.UniqueStr || index == sqlparser.PrimaryStr
}

// ofNewColumns judges columns of an existing table: the previous release writes no value into them.
func ofNewColumns(columns []*sqlparser.ColumnDefinition) string {
	for _, column := range columns {
		written := column.Type

		switch {
		case written.KeyOpt != 0:
			return "adds the unique column " + column.Name.String() + ", which the previous release does not write"
		case bool(written.NotNull) && written.Default == nil && written.GeneratedExpr == nil && !bool(written.Autoincrement):
			return "adds the column " + column.Name.String() + ", which is NOT NULL without a default"
		}
	}

	return ""
}
