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
	case isOfCaller(err):
		return problem.New(http.StatusBadRequest, "the request cannot be read")
	default:
		return err
	}
}

// isOfCaller tells the generated code's errors about parameters, which the check against the text leaves little to.
func isOfCaller(err error) bool {
	_, format := errors.AsType[*InvalidParamFormatError](err)
	_, required := errors.AsType[*RequiredParamError](err)
	_, many := errors.AsType[*TooManyValuesForParamError](err)

	return format || required || many
}
