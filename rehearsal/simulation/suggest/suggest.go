// Package suggest finds the known names nearest to an unknown one.
package suggest

import "sort"

// Nearest returns at most limit known names, the most similar first, and equally similar ones in alphabetical order.
func Nearest(name string, known []string, limit int) []string {
	sorted := append([]string(nil), known...)
	sort.Strings(sorted)

	distances := make(map[string]int, len(sorted))
	for _, candidate := range sorted {
		distances[candidate] = distance(name, candidate)
	}

	sort.SliceStable(sorted, func(i, j int) bool { return distances[sorted[i]] < distances[sorted[j]] })

	return sorted[:min(limit, len(sorted))]
}

// distance is the number of letters to insert, delete or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}

	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1

		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}

			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}

	return row[len(b)]
}
