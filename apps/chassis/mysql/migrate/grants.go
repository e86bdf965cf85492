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

// privileges are those of the service's user on each of its tables.
func privileges() []string { return []string{"SELECT", "INSERT", "UPDATE", "DELETE"} }

// tablePrivileges is the rest of ALL PRIVILEGES on a table. MariaDB has more, and lists them by name once these are
// revoked.
const tablePrivileges = "CREATE, DROP, REFERENCES, INDEX, ALTER, CREATE VIEW, SHOW VIEW, TRIGGER"

const (
	name   = "`(?:[^`]|``)+`"
	object = `(?:[A-Z ]+ )?(?:\*|` + name + `)\.(?:\*|` + name + `)`
	role   = name + "(?:@" + name + ")?" // with a host in MySQL
)

var (
	grantOn    = regexp.MustCompile(`^GRANT (.+?) ON (` + object + `) TO (.+)$`)
	grantRoles = regexp.MustCompile(`^GRANT (` + role + `(?:, ?` + role + `)*) TO (.+)$`)
	// privilege is one privilege, with its columns if it has any.
	privilege = regexp.MustCompile(`[^,(]+(?:\([^)]*\))?`)
)

// revoke revokes every privilege of the user but those on the tables: a user that is older than this program can have
// any. Roles, and privileges on more than a table, are revoked as a whole. The service keeps running, because it
// already has what it needs on its tables.
func revoke(ctx context.Context, connection *sql.Conn, user string, tables []string) error {
	// The rest of ALL PRIVILEGES on a table shows by name only after the first attempt.
	for range 2 {
		grants, err := grantsOf(ctx, connection, user)
		if err != nil {
			return err
		}

		for _, statement := range revocations(grants, tables) {
			if _, err := connection.ExecContext(ctx, statement+" FROM ?@'%'", user); err != nil {
				return fmt.Errorf("revoking excess privileges of %s: %s: %w", user, statement, err)
			}
		}
	}

	grants, err := grantsOf(ctx, connection, user)

	for _, grant := range grants {
		if !understood(grant) || len(revocations([]string{grant}, tables)) > 0 {
			public, _, _ := strings.Cut(grant, " IDENTIFIED ") // the hash of a password follows

			return fmt.Errorf("revoking excess privileges of %s: got %q, expected only SELECT, INSERT, UPDATE and DELETE "+
				"on its tables: revoke it as an admin", user, public)
		}
	}

	return err
}

// revocations returns the statements, each without FROM, that revoke every privilege but those on the tables.
func revocations(grants, tables []string) []string {
	var statements []string

	for _, grant := range grants {
		if roles := grantRoles.FindStringSubmatch(grant); roles != nil {
			statements = append(statements, "REVOKE "+roles[1])
		}

		parts := grantOn.FindStringSubmatch(grant)
		if parts == nil || parts[3] == "PUBLIC" { // a grant to all users cannot be revoked from one
			continue
		}

		if strings.Contains(parts[3], " WITH GRANT OPTION") {
			statements = append(statements, "REVOKE GRANT OPTION ON "+parts[2])
		}

		own := slices.ContainsFunc(tables, func(table string) bool { return strings.EqualFold(table, parts[2]) })
		if excess := excess(parts[1], own); excess != "" {
			statements = append(statements, "REVOKE "+excess+" ON "+parts[2])
		}
	}

	return statements
}

// excess returns the granted privileges that the service does not need. It needs some on its own tables only.
func excess(granted string, own bool) string {
	switch {
	case granted == "USAGE":
		return "" // MySQL's word for none
	case !own:
		return granted
	case granted == "ALL PRIVILEGES":
		return tablePrivileges
	}

	var more []string

	for _, one := range privilege.FindAllString(granted, -1) {
		if one = strings.TrimSpace(one); !slices.Contains(privileges(), one) {
			more = append(more, one)
		}
	}

	return strings.Join(more, ", ")
}

// understood reports whether revocations can read a line of SHOW GRANTS, or the line grants nothing.
func understood(grant string) bool {
	return grantOn.MatchString(grant) || grantRoles.MatchString(grant) ||
		strings.HasPrefix(grant, "REVOKE ") || strings.HasPrefix(grant, "SET DEFAULT ROLE ")
}

func grantsOf(ctx context.Context, connection *sql.Conn, user string) ([]string, error) {
	rows, err := connection.QueryContext(ctx, `SHOW GRANTS FOR ?@'%'`, user)
	if err != nil {
		return nil, fmt.Errorf("listing the privileges of %s: %w", user, err)
	}
	defer rows.Close()

	var grants []string

	for rows.Next() {
		var grant string

		err = errors.Join(err, rows.Scan(&grant))
		grants = append(grants, grant)
	}

	if err := errors.Join(err, rows.Err()); err != nil {
		return nil, fmt.Errorf("listing the privileges of %s: %w", user, err)
	}

	return grants, nil
}
