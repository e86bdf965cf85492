// Package seed inserts the book's sample: flight AA2532 from LAX to DCA with its seat map, and AA34 from its first
// test.
package seed

import (
	"context"
	"database/sql"
	_ "embed" // the sample
	"fmt"
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

// Run inserts the sample. It may run again, and changes nothing then.
func Run(ctx context.Context, db *sql.DB) error {
	transaction, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("inserting the sample: %w", err)
	}
	defer transaction.Rollback()

	// Flight numbers, each with origin and destination.
	for _, s := range [][3]string{{"AA2532", "LAX", "DCA"}, {"AA34", "LAX", "JFK"}} {
		if _, err := transaction.ExecContext(ctx, insertSeatMap, s[0], SeatMap, s[1], s[2]); err != nil {
			return fmt.Errorf("inserting the seat map of %s: %w", s[0], err)
		}
	}

	// Ids, each with flight number and time.
	for _, d := range [][3]string{
		{"edcc03a4-7f4e-40d1-898d-bf84a266f1b9", "AA2532", "2020-05-17 13:20:00"},
		{"2d7f8a0e-6a0c-4a1b-9a0e-1f0c8f2f6c11", "AA2532", "2020-05-18 13:20:00"},
		{"b1c35a52-0a4f-4f0e-8f5f-7b0a3a1f9d22", "AA2532", "2020-05-16 13:20:00"},
		{"7e0f3b5c-52f1-4d3a-9b42-5d1c6e7f8a33", "AA34", "2020-05-17 13:20:00"},
	} {
		if _, err := transaction.ExecContext(ctx, insertFlight, d[0], d[1], d[2]); err != nil {
			return fmt.Errorf("inserting the flight %s at %s: %w", d[1], d[2], err)
		}
	}

	if err := transaction.Commit(); err != nil {
		return fmt.Errorf("inserting the sample: %w", err)
	}

	return nil
}
