package main

import (
	"slices"
	"strings"

	"github.com/msur/platform/apps/dev/stores"
)

// environ are the variables of a service: what this process has, then what the chart says, then what is said of the
// stores. ENVIRONMENT is the caller's before the chart's: that the sample is refused in staging is up to them.
func environ(inherited, chart, store []string) []string {
	inherited = stores.Others(inherited)
	caller := slices.DeleteFunc(slices.Clone(inherited), func(variable string) bool {
		return subject(variable) != "ENVIRONMENT" || strings.HasSuffix(variable, "=")
	})

	told := inherited
	for _, by := range [][]string{chart, caller, store, {"LISTEN_ADDRESS=" + loopback, "PORT=0", "DRAIN_DELAY=0s"}} {
		told = override(told, by)
	}

	return told
}

// override puts variables in the place of those of the same subject.
func override(variables, by []string) []string {
	kept := slices.DeleteFunc(slices.Clone(variables), func(variable string) bool {
		return slices.ContainsFunc(by, func(other string) bool { return subject(other) == subject(variable) })
	})

	return append(kept, by...)
}

// subject is what a variable is about: X and X_FILE are two ways to say one thing, and a service wants one of them.
func subject(variable string) string {
	name, _, _ := strings.Cut(variable, "=")

	return strings.TrimSuffix(name, "_FILE")
}
