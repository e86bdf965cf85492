// Package migrations holds the tables of the service.
package migrations

import (
	"embed"

	"github.com/msur/platform/apps/chassis/mysql/migrate"
)

// Database is the database of the service, unless MYSQL_DATABASE names another.
const Database = "microservices_db"

//go:embed *.sql
var files embed.FS

// Migration returns the migration of the database.
func Migration() migrate.Migration {
	return migrate.Migration{
		Database: Database, Files: files, Applied: "flights_migrations", Tables: []string{"flights", "seat_maps"},
	}
}
