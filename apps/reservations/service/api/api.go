// Package api answers the requests of apps/reservations/api/openapi.yaml. Types, routes and the parsing of parameters
// are generated from that document. The program contains the document, to validate requests.
package api

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o api.gen.go ../../api/openapi.yaml

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"

	"github.com/msur/platform/apps/chassis/openapi"
	"github.com/msur/platform/apps/chassis/problem"
	"github.com/msur/platform/apps/chassis/stores"

	"github.com/msur/platform/apps/reservations/service/reservations"
)

// New returns the routes of the service.
func New(store reservations.Store, log *slog.Logger) (*http.ServeMux, error) {
	document, err := GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}

	answer := func(w http.ResponseWriter, r *http.Request, err error) { problem.Write(w, r, log, explain(err)) }
	strict := NewStrictHandlerWithOptions(server{store}, nil, StrictHTTPServerOptions{
		RequestErrorHandlerFunc: answer, ResponseErrorHandlerFunc: answer,
	})

	mux := openapi.NewMux(document, log)
	HandlerWithOptions(strict, StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: openapi.Unreadable(log)})

	return mux.ServeMux, nil
}

// server implements the generated interface.
type server struct{ store reservations.Store }

// GetReservations lists the reserved seats of a flight.
func (s server) GetReservations(
	ctx context.Context, request GetReservationsRequestObject,
) (GetReservationsResponseObject, error) {
	flight := request.Params.FlightId

	numbers, err := s.store.Reserved(ctx, flight)
	if err != nil {
		return nil, fmt.Errorf("listing the reserved seats of %s: %w", flight, err)
	}

	slices.SortFunc(numbers, byRow)

	answer := make(seats, 0, len(numbers))
	for _, number := range numbers {
		answer = append(answer, ReservedSeat{SeatNo: number})
	}

	return answer, nil
}

// seats is the list of reserved seats.
type seats GetReservations200JSONResponse

// VisitGetReservationsResponse implements GetReservationsResponseObject.
func (s seats) VisitGetReservationsResponse(w http.ResponseWriter) error { return openapi.Answer(w, s) }

// byRow orders seats as they are in the aircraft: "9C" before "12A".
func byRow(a, b string) int {
	return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
}

// PutReservation gives a seat to a customer.
func (s server) PutReservation(
	ctx context.Context, request PutReservationRequestObject,
) (PutReservationResponseObject, error) {
	seat := request.Body

	err := s.store.Reserve(ctx, reservations.Seat{Flight: seat.FlightId, Number: seat.SeatNum}, seat.CustomerId)

	switch {
	case errors.Is(err, reservations.ErrTaken):
		return PutReservation403JSONResponse{RefusalJSONResponse{
			Error:       "Could not complete reservation for " + seat.SeatNum,
			Description: "Seat already reserved. Cannot double-book",
		}}, nil
	case err != nil:
		return nil, fmt.Errorf("reserving %s of %s: %w", seat.SeatNum, seat.FlightId, err)
	default:
		return success{}, nil
	}
}

// DeleteReservation cancels a customer's reservation.
func (s server) DeleteReservation(
	ctx context.Context, request DeleteReservationRequestObject,
) (DeleteReservationResponseObject, error) {
	params := request.Params

	err := s.store.Cancel(ctx, reservations.Seat{Flight: params.FlightId, Number: params.SeatNum}, params.XCustomerID)

	switch {
	case errors.Is(err, reservations.ErrTaken):
		return DeleteReservation403JSONResponse{RefusalJSONResponse{
			Error:       "Could not cancel reservation for " + params.SeatNum,
			Description: "Seat reserved by another customer",
		}}, nil
	case err != nil:
		return nil, fmt.Errorf("cancelling %s of %s: %w", params.SeatNum, params.FlightId, err)
	default:
		return success{}, nil
	}
}

// success is the answer to a change that is made.
type success struct{}

// VisitPutReservationResponse implements PutReservationResponseObject.
func (success) VisitPutReservationResponse(w http.ResponseWriter) error {
	return openapi.Answer(w, Success{Status: SuccessStatusSuccess})
}

// VisitDeleteReservationResponse implements DeleteReservationResponseObject.
func (s success) VisitDeleteReservationResponse(w http.ResponseWriter) error {
	return s.VisitPutReservationResponse(w)
}

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
