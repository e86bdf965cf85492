// Package chassis is the code that services share, so that a service is only its API, its domain, its queries, its
// migrations and its wiring. The chassis has packages for configuration, logs, problems, health, metrics, validation,
// the HTTP server, the stores MySQL and Redis, and contract tests.
//
// apps/flights/service/cli shows how a service puts them together.
package chassis
