// Package seed holds the book's sample: flight AA2532 from LAX to DCA with its seat map, and AA34 of its first test.
package seed

import (
	"context"
	"database/sql"
	_ "embed" // the sample
	"errors"
	"fmt"
)

// SeatMap is that of both flight numbers.
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

// sampled is the flight number that the book asks for most.
const sampled = "AA2532"

// seatMaps are flight number, origin and destination.
func seatMaps() [][3]string {
	return [][3]string{{sampled, "LAX", "DCA"}, {"AA34", "LAX", "JFK"}}
}

// departures are id, flight number and time.
func departures() [][3]string {
	return [][3]string{
		{"edcc03a4-7f4e-40d1-898d-bf84a266f1b9", sampled, "2020-05-17 13:20:00"},
		{"2d7f8a0e-6a0c-4a1b-9a0e-1f0c8f2f6c11", sampled, "2020-05-18 13:20:00"},
		{"b1c35a52-0a4f-4f0e-8f5f-7b0a3a1f9d22", sampled, "2020-05-16 13:20:00"},
		{"7e0f3b5c-52f1-4d3a-9b42-5d1c6e7f8a33", "AA34", "2020-05-17 13:20:00"},
	}
}

// Environments says where the sample may be put.
const Environments = "local or sandbox"

var errElsewhere = errors.New("want " + Environments + ": the sample is not for what people use")

// Run puts the sample into the database. Done again it changes nothing. Anywhere but in those environments it does
// nothing and says so.
func Run(ctx context.Context, db *sql.DB, environment string) error {
	if environment != "local" && environment != "sandbox" {
		return fmt.Errorf("seeding: ENVIRONMENT: got %q, %w", environment, errElsewhere)
	}

	transaction, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("seeding: %w", err)
	}
	defer transaction.Rollback()

	if err := insert(ctx, transaction); err != nil {
		return err
	}

	if err := transaction.Commit(); err != nil {
		return fmt.Errorf("seeding: %w", err)
	}

	return nil
}

func insert(ctx context.Context, transaction *sql.Tx) error {
	for _, s := range seatMaps() {
		if _, err := transaction.ExecContext(ctx, insertSeatMap, s[0], SeatMap, s[1], s[2]); err != nil {
			return fmt.Errorf("seeding the seat map of %s: %w", s[0], err)
		}
	}

	for _, d := range departures() {
		if _, err := transaction.ExecContext(ctx, insertFlight, d[0], d[1], d[2]); err != nil {
			return fmt.Errorf("seeding the flight %s of %s: %w", d[1], d[2], err)
		}
	}

	return nil
}
