// Package api answers the requests of apps/reservations/api/openapi.yaml. Types, routes and the parsing of parameters
// are generated from that document. The program contains the document, to validate requests.
package api

//go:generate go tool oapi-codegen -config oapi-codegen.yaml -o api.gen.go ../../api/openapi.yaml

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/msur/platform/apps/chassis/openapi"
	"github.com/msur/platform/apps/chassis/problem"
)

// New returns the routes of the service.
func New(log *slog.Logger) (*http.ServeMux, error) {
	document, err := GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}

	answer := func(w http.ResponseWriter, r *http.Request, err error) { problem.Write(w, r, log, err) }
	strict := NewStrictHandlerWithOptions(server{}, nil, StrictHTTPServerOptions{
		RequestErrorHandlerFunc: answer, ResponseErrorHandlerFunc: answer,
	})

	mux := openapi.NewMux(document, log)
	HandlerWithOptions(strict, StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: openapi.Unreadable(log)})

	return mux.ServeMux, nil
}

// server implements the generated interface.
type server struct{}

// GetOne returns one by its id.
func (s server) GetOne(_ context.Context, request GetOneRequestObject) (GetOneResponseObject, error) {
	return GetOne200JSONResponse{Id: request.Id, Self: "/reservations/" + request.Id}, nil
}
