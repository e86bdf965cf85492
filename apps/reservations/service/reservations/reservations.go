// Package reservations is the domain of the service: which customer has which seat of a flight.
package reservations

import (
	"context"
	"errors"
)

// Seat is a seat of a flight.
type Seat struct {
	// Flight is the flight's id, and Number the row and the letter, such as "12B".
	Flight, Number string
}

// The errors of a store that refuses a request.
var (
	ErrTaken = errors.New("another customer has the seat")
	ErrFree  = errors.New("the seat is not reserved")
)

// Store keeps reservations. Many processes may use it at a time: the store alone decides which customer gets a seat,
// and what it has answered stays true. A request that failed may have had its effect, and can be repeated without harm.
// Other errors are stores.ErrUnavailable, a deadline, a caller who left, or a mistake in the service.
type Store interface {
	// Reserved returns the numbers of a flight's reserved seats, in any order.
	Reserved(ctx context.Context, flight string) ([]string, error)
	// Reserve gives a seat to a customer, who may already have it, or returns ErrTaken.
	Reserve(ctx context.Context, seat Seat, customer string) error
	// Cancel cancels a customer's reservation, or returns ErrTaken or ErrFree.
	Cancel(ctx context.Context, seat Seat, customer string) error
}
