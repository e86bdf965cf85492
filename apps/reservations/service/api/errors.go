package api

import (
	"errors"
	"net/http"

	"github.com/msur/platform/apps/chassis/problem"

	"github.com/msur/platform/apps/reservations/service/reservations"
)

// toTell makes a problem of the errors that the caller can do something about.
func toTell(err error) error {
	switch {
	case errors.Is(err, reservations.ErrFree):
		return problem.New(http.StatusNotFound, "the seat is not reserved")
	case errors.Is(err, reservations.ErrUnavailable):
		return problem.Unavailable("reservations cannot be looked at or made at the moment", err)
	default:
		return err
	}
}
