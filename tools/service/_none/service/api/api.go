// Package api answers the requests of apps/reservations/api/openapi.yaml. Types, routes and the reading of parameters
// are generated from that text, and the text itself is in the program, to check requests against.
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

// New makes the routes.
func New(log *slog.Logger) (*http.ServeMux, error) {
	text, err := GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI text: %w", err)
	}

	answer := func(w http.ResponseWriter, r *http.Request, err error) { problem.Write(w, r, log, err) }
	strict := NewStrictHandlerWithOptions(server{}, nil, StrictHTTPServerOptions{
		RequestErrorHandlerFunc: answer, ResponseErrorHandlerFunc: answer,
	})

	mux := openapi.NewMux(text, log)
	HandlerWithOptions(strict, StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: openapi.Unreadable(log)})

	return mux.ServeMux, nil
}

// server implements the generated interface.
type server struct{}

// GetOne tells what there is to tell of one.
func (s server) GetOne(_ context.Context, request GetOneRequestObject) (GetOneResponseObject, error) {
	return GetOne200JSONResponse{Id: request.Id, Self: "/reservations/" + request.Id}, nil
}
