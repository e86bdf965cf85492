package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// rights are those of the service's user on each of its tables.
func rights() []string { return []string{"SELECT", "INSERT", "UPDATE", "DELETE"} }

// privilegesOfATable are what ALL PRIVILEGES is on a table. What MariaDB has beside them it shows by name, once these
// are gone.
const privilegesOfATable = "CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE VIEW, SHOW VIEW, TRIGGER"

const (
	name   = "`(?:[^`]|``)+`"
	object = `(?:[A-Z ]+ )?(?:\*|` + name + `)\.(?:\*|` + name + `)`
	role   = name + "(?:@" + name + ")?" // with a host in MySQL
)

var (
	grantOn    = regexp.MustCompile(`^GRANT (.+?) ON (` + object + `) TO (.+)$`)
	grantRoles = regexp.MustCompile(`^GRANT (` + role + `(?:, ?` + role + `)*) TO (.+)$`)
	// column is a privilege with columns, or one without.
	column = regexp.MustCompile(`[^,(]+(?:\([^)]*\))?`)
)

var errExcess = errors.New("want only SELECT, INSERT, UPDATE and DELETE on its tables; revoke it as an admin")

// revoke takes from the user what it may beyond its rights on the tables, which it has by now: an account of before
// this program can have anything. Roles, and privileges on more than a table, go as a whole: they give the service
// nothing that it has not on its tables, and so it goes on meanwhile.
func revoke(ctx context.Context, connection *sql.Conn, user string, tables []string) error {
	grants, err := grantsOf(ctx, connection, user)

	// Of ALL PRIVILEGES on a table a rest shows by name only once the others are gone.
	const attempts = 2
	for range attempts {
		if err != nil {
			return err
		}

		for _, statement := range revocations(grants, tables) {
			if _, err := connection.ExecContext(ctx, statement+" FROM ?@'%'", user); err != nil {
				return fmt.Errorf("taking from %s what it may too much: %s: %w", user, statement, err)
			}
		}

		grants, err = grantsOf(ctx, connection, user)
	}

	for _, grant := range grants {
		if !understood(grant) || len(revocations([]string{grant}, tables)) > 0 {
			shown, _, _ := strings.Cut(grant, " IDENTIFIED ") // by a password's hash

			return fmt.Errorf("looking at what %s may: got %q, %w", user, shown, errExcess)
		}
	}

	return err
}

// revocations are the statements, each without FROM, that take what goes beyond the rights on the tables.
func revocations(grants, tables []string) []string {
	var statements []string

	for _, grant := range grants {
		if roles := grantRoles.FindStringSubmatch(grant); roles != nil {
			statements = append(statements, "REVOKE "+roles[1])
		}

		parts := grantOn.FindStringSubmatch(grant)
		if parts == nil || parts[3] == "PUBLIC" { // what everybody may cannot be taken from one
			continue
		}

		if strings.Contains(parts[3], " WITH GRANT OPTION") {
			statements = append(statements, "REVOKE GRANT OPTION ON "+parts[2])
		}

		own := slices.ContainsFunc(tables, func(table string) bool { return strings.EqualFold(table, parts[2]) })
		if privileges := beyond(parts[1], own); privileges != "" {
			statements = append(statements, "REVOKE "+privileges+" ON "+parts[2])
		}
	}

	return statements
}

// beyond are those of the privileges that the service does not need; on its own tables it needs its rights.
func beyond(privileges string, own bool) string {
	switch {
	case privileges == "USAGE":
		return "" // the word for none
	case !own:
		return privileges
	case privileges == "ALL PRIVILEGES":
		return privilegesOfATable
	}

	var more []string

	for _, one := range column.FindAllString(privileges, -1) {
		if one = strings.TrimSpace(one); !slices.Contains(rights(), one) {
			more = append(more, one)
		}
	}

	return strings.Join(more, ", ")
}

// understood tells the lines of SHOW GRANTS that are read here, or that grant nothing.
func understood(grant string) bool {
	return grantOn.MatchString(grant) || grantRoles.MatchString(grant) ||
		strings.HasPrefix(grant, "REVOKE ") || strings.HasPrefix(grant, "SET DEFAULT ROLE ")
}

func grantsOf(ctx context.Context, connection *sql.Conn, user string) ([]string, error) {
	rows, err := connection.QueryContext(ctx, `SHOW GRANTS FOR ?@'%'`, user)
	if err != nil {
		return nil, fmt.Errorf("looking at what %s may: %w", user, err)
	}
	defer rows.Close()

	var grants []string

	for rows.Next() {
		var grant string
		if err := rows.Scan(&grant); err != nil {
			return nil, fmt.Errorf("looking at what %s may: %w", user, err)
		}

		grants = append(grants, grant)
	}

	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("looking at what %s may: %w", user, err)
	}

	return grants, nil
}
