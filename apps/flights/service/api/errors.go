package api

import (
	"errors"
	"net/http"

	"github.com/msur/platform/apps/chassis/problem"

	"github.com/msur/platform/apps/flights/service/flights"
)

// toTell makes a problem of the errors that the caller can do something about.
func toTell(err error) error {
	switch {
	case errors.Is(err, flights.ErrUnknown):
		return problem.New(http.StatusNotFound, "there is no such flight number")
	case errors.Is(err, flights.ErrUnavailable):
		return problem.Unavailable("the flights cannot be looked up at the moment", err)
	default:
		return err
	}
}
