// Package store keeps flights in MySQL.
package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/msur/platform/apps/chassis/mysql"

	"github.com/msur/platform/apps/flights/service/flights"
)

// Check is the query of the health check. It needs every table of the service.
const Check = `SELECT COUNT(*) FROM (SELECT 1 FROM flights JOIN seat_maps
ON seat_maps.flight_no = flights.flight_no LIMIT 1) AS one`

const (
	departures = `SELECT flights.flight_id, seat_maps.origin_code, seat_maps.destination_code
FROM flights JOIN seat_maps ON seat_maps.flight_no = flights.flight_no
WHERE flights.flight_no = ?`
	soonestFirst = ` ORDER BY flights.flight_date, flights.flight_id`
)

// Store is a flights.Store.
type Store struct{ db *mysql.Store }

// New returns a store of a database that is migrated.
func New(db *mysql.Store) *Store { return &Store{db: db} }

// Departures finds the flights with a number, or only those that leave at a time. The query has the time as a string:
// the driver turns year 1 into '0000-00-00', which MySQL refuses to compare, and year 0 into an error.
func (s *Store) Departures(ctx context.Context, number string, at *time.Time) ([]flights.Flight, error) {
	query, args := departures, []any{number}
	if at != nil {
		query, args = query+` AND flights.flight_date = ?`, append(args, at.Format(time.DateTime))
	}

	var found []flights.Flight

	err := s.db.Query(ctx, func(rows *sql.Rows) error {
		var f flights.Flight

		err := rows.Scan(&f.ID, &f.Origin, &f.Destination)
		found = append(found, f)

		return err
	}, query+soonestFirst, args...)

	return found, err
}

// SeatMap finds a seat map.
func (s *Store) SeatMap(ctx context.Context, number string) (json.RawMessage, error) {
	var document []byte

	err := s.db.Query(ctx, func(rows *sql.Rows) error { return rows.Scan(&document) },
		`SELECT seat_map FROM seat_maps WHERE flight_no = ?`, number)
	if err == nil && document == nil {
		return nil, flights.ErrUnknown
	}

	return document, err
}
