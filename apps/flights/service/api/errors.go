package api

import (
	"errors"
	"net/http"

	"github.com/msur/platform/apps/chassis/problem"
	"github.com/msur/platform/apps/chassis/stores"

	"github.com/msur/platform/apps/flights/service/flights"
)

// explain returns a problem for an error that the caller can act on.
func explain(err error) error {
	switch {
	case errors.Is(err, flights.ErrUnknown):
		return problem.New(http.StatusNotFound, "there is no such flight number")
	case errors.Is(err, stores.ErrUnavailable):
		return problem.Unavailable("flights cannot be looked up at the moment", err)
	default:
		return err
	}
}
