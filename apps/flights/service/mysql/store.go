package mysql

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/msur/platform/apps/flights/service/flights"
)

// Store is a flights.Store.
type Store struct {
	db     *sql.DB
	places chan struct{}
	// failed is told of each call that the database failed.
	failed func()
}

// NewStore makes a store of a pool with so many places for requests. It calls failed for each call that the
// database fails: not for a caller who left, nor for a pool that is full.
func NewStore(db *sql.DB, places int, failed func()) *Store {
	return &Store{db: db, places: make(chan struct{}, places), failed: failed}
}

const (
	departures = `SELECT flights.flight_id, seat_maps.origin_code, seat_maps.destination_code
FROM flights JOIN seat_maps ON seat_maps.flight_no = flights.flight_no
WHERE flights.flight_no = ?`
	soonestFirst = ` ORDER BY flights.flight_date, flights.flight_id`
)

// Departures finds all flights with a number.
func (s *Store) Departures(ctx context.Context, number string) ([]flights.Flight, error) {
	return s.find(ctx, departures+soonestFirst, number)
}

// DeparturesAt finds the flights with a number that leave at that time. The time goes as text: of year 1 the driver
// makes '0000-00-00', which MySQL refuses to compare with, and of year 0 an error.
func (s *Store) DeparturesAt(ctx context.Context, number string, at time.Time) ([]flights.Flight, error) {
	return s.find(ctx, departures+` AND flights.flight_date = ?`+soonestFirst, number, at.Format(time.DateTime))
}

// SeatMap finds a seat map.
func (s *Store) SeatMap(ctx context.Context, number string) (json.RawMessage, error) {
	var text []byte

	err := s.ask(ctx, func() error {
		err := s.db.QueryRowContext(ctx, `SELECT seat_map FROM seat_maps WHERE flight_no = ?`, number).Scan(&text)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}

		return err
	})
	if err == nil && text == nil {
		return nil, flights.ErrUnknown
	}

	return text, err
}

// Check asks for something that is there once the migrations have been applied, and that the service's user may see.
func (s *Store) Check(ctx context.Context) error {
	var there int

	err := s.db.QueryRowContext(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM flights JOIN seat_maps
ON seat_maps.flight_no = flights.flight_no LIMIT 1) AS one`).Scan(&there)
	if err != nil {
		s.failed()

		return fmt.Errorf("asking MySQL: %w", err)
	}

	return nil
}

func (s *Store) find(ctx context.Context, query string, parameters ...any) ([]flights.Flight, error) {
	var found []flights.Flight

	err := s.ask(ctx, func() error {
		rows, err := s.db.QueryContext(ctx, query, parameters...)
		if err != nil {
			return err
		}

		found, err = read(rows)

		return err
	})

	return found, err
}

// errUnreadable says that the tables are not what this program takes them for: a mistake of ours, which does not pass.
var errUnreadable = errors.New("reading a flight")

func read(rows *sql.Rows) ([]flights.Flight, error) {
	defer rows.Close()

	var found []flights.Flight

	for rows.Next() {
		var f flights.Flight
		if err := rows.Scan(&f.ID, &f.Origin, &f.Destination); err != nil {
			return nil, fmt.Errorf("%w: %w", errUnreadable, err)
		}

		found = append(found, f)
	}

	return found, rows.Err()
}

// ask asks the database something, in one of the places of the pool.
func (s *Store) ask(ctx context.Context, question func() error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()

	if err := question(); err != nil {
		if !errors.Is(ctx.Err(), context.Canceled) && !errors.Is(err, errUnreadable) {
			s.failed()
		}

		return fmt.Errorf("asking MySQL: %w", explain(ctx, err))
	}

	return nil
}
