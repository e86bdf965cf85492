// Package flights is what the service is about: flights, by number and time of departure, and their seat maps.
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

// What can go wrong with a store.
var (
	// ErrUnknown says that the store has no such thing.
	ErrUnknown = errors.New("unknown")
	// ErrUnavailable says that the store cannot be asked now; asked again it may answer.
	ErrUnavailable = errors.New("the store is not available")
)

// Store keeps flights. A flight number is in capitals. An error that is not one of the package's is a deadline that is
// over, a caller who left, or a mistake of ours.
type Store interface {
	// Departures finds all flights with a number, soonest first.
	Departures(ctx context.Context, number string) ([]Flight, error)
	// DeparturesAt finds the flights that leave at that time.
	DeparturesAt(ctx context.Context, number string, at time.Time) ([]Flight, error)
	// SeatMap finds the seat map of a flight number, as JSON, or ErrUnknown.
	SeatMap(ctx context.Context, number string) (json.RawMessage, error)
}

// ErrNoTime says what a time of departure looks like.
var ErrNoTime = errors.New("want a time that exists, as YYYY-MM-DDThh:mm")

// timeForm is YYYY-MM-DDThh:mm, in the form of package time.
const timeForm = "2006-01-02T15:04"

// ParseTime reads a time of departure, which is local to where the flight leaves from. The zone of what it returns says
// nothing: it is never converted.
func ParseTime(text string) (time.Time, error) {
	at, err := time.Parse(timeForm, text)
	// Package time takes T9:05 too.
	if err != nil || at.Format(timeForm) != text {
		return time.Time{}, fmt.Errorf("%w: got %q", ErrNoTime, text)
	}

	return at, nil
}
