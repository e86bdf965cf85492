// Package api answers the requests of apps/flights/api/openapi.yaml. Types, routes and the parsing of parameters are
// generated from that document. The program contains the document, to validate requests.
package api

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o api.gen.go ../../api/openapi.yaml

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/msur/platform/apps/chassis/openapi"
	"github.com/msur/platform/apps/chassis/problem"
	"github.com/msur/platform/apps/chassis/stores"

	"github.com/msur/platform/apps/flights/service/flights"
)

// New returns the routes of the service.
func New(store flights.Store, log *slog.Logger) (*http.ServeMux, error) {
	document, err := Document()
	if err != nil {
		return nil, err
	}

	answer := func(w http.ResponseWriter, r *http.Request, err error) { problem.Write(w, r, log, explain(err)) }
	strict := NewStrictHandlerWithOptions(server{store}, nil, StrictHTTPServerOptions{
		RequestErrorHandlerFunc: answer, ResponseErrorHandlerFunc: answer,
	})

	mux := openapi.NewMux(document, log)
	HandlerWithOptions(strict, StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: openapi.Unreadable(log)})

	return mux.ServeMux, nil
}

// Document returns the OpenAPI document with a validator of local-date-time: no pattern can tell whether a day exists.
func Document() (*openapi3.T, error) {
	document, err := GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}

	document.SetStringFormatValidator("local-date-time", openapi3.NewCallbackValidator(func(value string) error {
		_, err := flights.ParseTime(value)

		return err
	}))

	return document, nil
}

// server implements the generated interface.
type server struct{ store flights.Store }

// GetFlights finds departures.
func (s server) GetFlights(ctx context.Context, request GetFlightsRequestObject) (GetFlightsResponseObject, error) {
	var at *time.Time

	if request.Params.DepartureDateTime != nil {
		parsed, err := flights.ParseTime(*request.Params.DepartureDateTime)
		if err != nil {
			return nil, err
		}

		at = &parsed
	}

	found, err := s.store.Departures(ctx, strings.ToUpper(request.Params.FlightNo), at)
	if err != nil {
		return nil, fmt.Errorf("finding departures of %s: %w", request.Params.FlightNo, err)
	}

	answer := make(GetFlights200JSONResponse, 0, len(found))
	for _, f := range found {
		answer = append(answer, Flight{FlightId: f.ID, OriginCode: f.Origin, DestinationCode: f.Destination})
	}

	return answer, nil
}

// GetSeatMap finds a seat map.
func (s server) GetSeatMap(ctx context.Context, request GetSeatMapRequestObject) (GetSeatMapResponseObject, error) {
	document, err := s.store.SeatMap(ctx, strings.ToUpper(request.FlightNo))
	if err != nil {
		return nil, fmt.Errorf("finding the seat map of %s: %w", request.FlightNo, err)
	}

	return seatMap(document), nil
}

// seatMap is a seat map as it is stored. Decoding and encoding it would take longer than the rest of the request.
type seatMap json.RawMessage

// VisitGetSeatMapResponse implements GetSeatMapResponseObject.
func (m seatMap) VisitGetSeatMapResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")

	if _, err := w.Write(m); err != nil { //nolint:gosec // the content type is JSON, and so is the content
		return fmt.Errorf("writing a seat map: %w", err)
	}

	return nil
}

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
