package main

import (
	"maps"
	"slices"
	"strings"
)

// kind is what a service is made out of.
type kind struct {
	// model is the service that is copied.
	model string
	// leftOut are its parts, as slash-separated patterns, that the new one does not have.
	leftOut []string
	// overlay is the folder beside this file that is copied over the model's; empty where there is none.
	overlay string
	// words are what the model says of itself, and what the new one says instead, in which NAME and Name stand for its
	// name. Of two that begin alike, the first is taken.
	words []string
}

// kinds are those of services, by the store that they need.
func kinds() map[string]kind {
	const (
		flights      = "flights"
		reservations = "reservations"
	)

	seats := []string{"Reservations", "Name", reservations, "NAME", "flights:", "NAME:"}

	return map[string]kind{
		"mysql": {model: flights, words: []string{
			// The host is the book's. The database of a new service has the service's name.
			"flightsvc", "flightsvc", "Flights", "Name", flights, "NAME", "microservices_db", "NAME",
		}},
		"redis": {model: reservations, words: seats},
		"none": {model: reservations, words: seats, overlay: "_none", leftOut: []string{
			"service/store", "service/reservations", "service/contract",
			"service/api/errors.go", "service/api/api_test.go", "service/api/fake_test.go", "service/api/testdata",
			"chart/ci", "chart/tests/store_test.yaml",
		}},
	}
}

// words lists the kinds.
func words() string { return strings.Join(slices.Sorted(maps.Keys(kinds())), ", ") }
