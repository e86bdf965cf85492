package main

import (
	"slices"
	"strings"

	"github.com/msur/platform/apps/dev/stores"
)

// environ returns the variables of a service: those of this process, overridden by those of the chart, then by those of
// the stores.
func environ(inherited, chart, store []string) []string {
	variables := stores.Others(inherited)
	for _, by := range [][]string{chart, store, {"LISTEN_ADDRESS=" + loopback, "PORT=0", "DRAIN_DELAY=0s"}} {
		variables = override(variables, by)
	}

	return variables
}

// override replaces variables of the same subject.
func override(variables, by []string) []string {
	kept := slices.DeleteFunc(slices.Clone(variables), func(variable string) bool {
		return slices.ContainsFunc(by, func(other string) bool { return subject(other) == subject(variable) })
	})

	return append(kept, by...)
}

// subject returns the name that X and X_FILE share: a service accepts only one of the two.
func subject(variable string) string {
	name, _, _ := strings.Cut(variable, "=")

	return strings.TrimSuffix(name, "_FILE")
}
