// Package chassis holds what every service of ours has in common, so that a service is its API, its store and little
// else: configuration, logs, problems, health, metrics, validation against the OpenAPI text and the HTTP server.
//
// A service reads its settings with config.Reader, makes a mux of its own routes, and hands it to
// httpserver.New together with its health and its metrics; apps/flights/service is an example.
package chassis
