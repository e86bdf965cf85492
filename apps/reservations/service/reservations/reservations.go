// Package reservations is what the service is about: whose each seat of a flight is.
package reservations

import (
	"context"
	"errors"
)

// Seat is one of a flight's.
type Seat struct {
	// Flight is the flight's id, and Number the row and the letter, such as "12B".
	Flight, Number string
}

// What a store says that gives no seat.
var (
	// ErrTaken says that the seat is another customer's.
	ErrTaken = errors.New("the seat is another customer's")
	// ErrFree says that the seat is nobody's.
	ErrFree = errors.New("the seat is nobody's")
	// ErrUnavailable says that the store cannot be asked now; asked again it may answer.
	ErrUnavailable = errors.New("the store is not available")
)

// Store knows whose each seat is. Many may ask at a time, in many processes: the store alone decides between them, and
// whatever was answered stands. What failed may have happened nevertheless, and can be asked again without harm. An
// error that is not one of the package's is a deadline that is over, a caller who left, or a mistake of ours.
type Store interface {
	// Reserved finds the numbers of a flight's seats that are taken, in any order.
	Reserved(ctx context.Context, flight string) ([]string, error)
	// Reserve gives a seat to a customer, whose it may be already. It fails with ErrTaken.
	Reserve(ctx context.Context, seat Seat, customer string) error
	// Cancel takes back a customer's seat. It fails with ErrTaken or ErrFree.
	Cancel(ctx context.Context, seat Seat, customer string) error
}
