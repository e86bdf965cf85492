// Package suggest finds the known names nearest to an unknown one.
package suggest

import (
	"cmp"
	"slices"

	"github.com/agext/levenshtein"
)

// Nearest returns at most limit known names, the most similar first, and equally similar ones in alphabetical order.
func Nearest(name string, known []string, limit int) []string {
	sorted := slices.SortedFunc(slices.Values(known), func(a, b string) int {
		return cmp.Or(cmp.Compare(levenshtein.Distance(name, a, nil), levenshtein.Distance(name, b, nil)), cmp.Compare(a, b))
	})

	return sorted[:min(limit, len(sorted))]
}
