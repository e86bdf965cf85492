// Package chassis holds what services have in common, so that a service is its API, its domain, its queries, its
// migrations and its wiring. Its packages are configuration, logs, problems, health, metrics, validation, the HTTP server,
// the stores MySQL and Redis, and tests of a contract.
//
// apps/flights/service/cli shows how a service puts them together.
package chassis
