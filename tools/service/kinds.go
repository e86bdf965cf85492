package main

import (
	"maps"
	"slices"
	"strings"
)

// kind says how a new service is made from an existing one.
type kind struct {
	// model is the service that is copied.
	model string
	// omitted are the files and folders of the model that the new service lacks.
	omitted []string
	// overlay is the folder in tools/service that is copied over the model, or empty.
	overlay string
	// words are pairs: a word in the model and its replacement. The first match wins.
	words []string
}

// kinds returns how to make a service with a name, by the store that it needs.
func kinds(name string) map[string]kind {
	const (
		flights      = "flights"
		reservations = "reservations"
	)

	title := strings.ToUpper(name[:min(len(name), 1)]) + name[min(len(name), 1):]
	seats := []string{"Reservations", title, reservations, name, "flights:", name + ":"}

	return map[string]kind{
		"mysql": {model: flights, words: []string{
			// The host is the book's. The database of a new service has the service's name.
			"flightsvc", "flightsvc", "Flights", title, flights, name, "microservices_db", name,
		}},
		"redis": {model: reservations, words: seats},
		"none": {model: reservations, words: seats, overlay: "_none", omitted: []string{
			"service/store", "service/reservations", "service/contract",
			"service/api/api_test.go", "service/api/bench_test.go", "service/api/fake_test.go", "service/api/testdata",
			"chart/ci", "chart/tests/store_test.yaml",
		}},
	}
}

// stores lists the accepted values of NEEDS.
func stores() string { return strings.Join(slices.Sorted(maps.Keys(kinds(""))), ", ") }
