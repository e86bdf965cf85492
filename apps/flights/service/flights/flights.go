// Package flights is the domain of the service: flights, by number and time of departure, and their seat maps.
package flights

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Flight is one departure of a flight number.
type Flight struct {
	ID          string
	Origin      string
	Destination string
}

// ErrUnknown is the error of a flight number that the store does not have.
var ErrUnknown = errors.New("unknown")

// Store keeps flights. Flight numbers are in capitals. Its other errors are stores.ErrUnavailable, a deadline, a caller
// who left, or a mistake in the service.
type Store interface {
	// Departures finds the flights with a number, soonest first: those that leave at a time, or without a time all.
	Departures(ctx context.Context, number string, at *time.Time) ([]Flight, error)
	// SeatMap finds the seat map of a flight number, as JSON, or returns ErrUnknown.
	SeatMap(ctx context.Context, number string) (json.RawMessage, error)
}

// layout is YYYY-MM-DDThh:mm in the notation of package time.
const layout = "2006-01-02T15:04"

// ParseTime reads a time of departure. It is local to the airport of departure: the time zone of the result has no
// meaning, and the time is never converted.
func ParseTime(value string) (time.Time, error) {
	at, err := time.Parse(layout, value)
	// Package time also accepts T9:05.
	if err != nil || at.Format(layout) != value {
		return time.Time{}, fmt.Errorf("got %q, expected a time that exists, as YYYY-MM-DDThh:mm", value)
	}

	return at, nil
}
