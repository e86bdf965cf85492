// Package seed inserts the book's sample: flight AA2532 from LAX to DCA with its seat map, and AA34 from its first
// test. It refuses a database with other flights.
package seed

import (
	"context"
	"database/sql"
	_ "embed" // the sample
	"errors"
	"fmt"
	"slices"
	"strings"
)

// SeatMap is the seat map of both flight numbers.
//
//go:embed seat_map.json
var SeatMap string

const (
	insertSeatMap = `INSERT INTO seat_maps (flight_no, seat_map, origin_code, destination_code) VALUES (?, ?, ?, ?)
ON DUPLICATE KEY UPDATE seat_map = VALUES(seat_map), origin_code = VALUES(origin_code),
destination_code = VALUES(destination_code)`
	insertFlight = `INSERT INTO flights (flight_id, flight_no, flight_date) VALUES (?, ?, ?)
ON DUPLICATE KEY UPDATE flight_no = VALUES(flight_no), flight_date = VALUES(flight_date)`
)

// routes are the flight numbers, each with origin and destination.
func routes() [][]any {
	return [][]any{{"AA2532", "LAX", "DCA"}, {"AA34", "LAX", "JFK"}}
}

// departures are the ids, each with flight number and time.
func departures() [][]any {
	return [][]any{
		{"edcc03a4-7f4e-40d1-898d-bf84a266f1b9", "AA2532", "2020-05-17 13:20:00"},
		{"2d7f8a0e-6a0c-4a1b-9a0e-1f0c8f2f6c11", "AA2532", "2020-05-18 13:20:00"},
		{"b1c35a52-0a4f-4f0e-8f5f-7b0a3a1f9d22", "AA2532", "2020-05-16 13:20:00"},
		{"7e0f3b5c-52f1-4d3a-9b42-5d1c6e7f8a33", "AA34", "2020-05-17 13:20:00"},
	}
}

// Run inserts the sample. It may run again, and changes nothing then. If the database has other flights, it fails and
// inserts nothing: the sample would be for sale among them.
func Run(ctx context.Context, db *sql.DB) error {
	transaction, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("inserting the sample: %w", err)
	}
	defer transaction.Rollback()

	if err := refuseOthers(ctx, transaction); err != nil {
		return err
	}

	for _, r := range routes() {
		if _, err := transaction.ExecContext(ctx, insertSeatMap, r[0], SeatMap, r[1], r[2]); err != nil {
			return fmt.Errorf("inserting the seat map of %s: %w", r[0], err)
		}
	}

	for _, d := range departures() {
		if _, err := transaction.ExecContext(ctx, insertFlight, d...); err != nil {
			return fmt.Errorf("inserting the flight %s at %s: %w", d[1], d[2], err)
		}
	}

	if err := transaction.Commit(); err != nil {
		return fmt.Errorf("inserting the sample: %w", err)
	}

	return nil
}

// refuseOthers fails if the tables have rows that the sample does not have.
func refuseOthers(ctx context.Context, transaction *sql.Tx) error {
	for _, t := range []struct {
		count string
		rows  [][]any
	}{
		{"SELECT COUNT(*) FROM seat_maps WHERE flight_no NOT IN ", routes()},
		{"SELECT COUNT(*) FROM flights WHERE flight_id NOT IN ", departures()},
	} {
		var keys []any
		for _, row := range t.rows {
			keys = append(keys, row[0])
		}

		list := "(" + strings.Join(slices.Repeat([]string{"?"}, len(keys)), ", ") + ")"

		var others int
		if err := transaction.QueryRowContext(ctx, t.count+list, keys...).Scan(&others); err != nil {
			return fmt.Errorf("looking for other flights: %w", err)
		}

		if others > 0 {
			return errors.New("the database has flights that are not from the sample, expected none: use an environment " +
				"without flights")
		}
	}

	return nil
}
