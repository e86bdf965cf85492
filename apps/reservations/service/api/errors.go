package api

import (
	"errors"
	"net/http"

	"github.com/msur/platform/apps/chassis/problem"
	"github.com/msur/platform/apps/chassis/stores"

	"github.com/msur/platform/apps/reservations/service/reservations"
)

// explain returns a problem for an error that the caller can act on.
func explain(err error) error {
	switch {
	case errors.Is(err, reservations.ErrFree):
		return problem.New(http.StatusNotFound, "the seat is not reserved")
	case errors.Is(err, stores.ErrUnavailable):
		return problem.Unavailable("reservations cannot be read or made at the moment", err)
	default:
		return err
	}
}
