package settings

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with the settings: where it is, and how to mend it.
type Problem struct {
	// Path is the key as one types it, such as "platform:network.zones[1]".
	Path string
	// Got is what stands there, as JSON; "nothing" where the key is missing.
	Got string
	// Want completes the sentence "want …".
	Want string
	// Mend is the command that puts it right.
	Mend string
}

// String is the problem in one line.
func (p Problem) String() string {
	return fmt.Sprintf("%s: got %s, want %s; type: %s", p.Path, p.Got, p.Want, p.Mend)
}

// Problems are all that is wrong, as one error.
type Problems []Problem //nolint:errname // a list first: who has one adds to it and counts it

// Error has a line for each problem.
func (p Problems) Error() string {
	lines := make([]string, 0, len(p))
	for _, problem := range p {
		lines = append(lines, problem.String())
	}

	return strings.Join(lines, "\n")
}

// With returns the problems together with more of them, sorted by path. One mistake is told once: nothing is
// told of what is part of a wrong value, and what is told last of a value knows most about it.
func (p Problems) With(more ...Problem) Problems {
	all := slices.Clone(p)

	for _, problem := range more {
		same := slices.IndexFunc(all, func(told Problem) bool { return told.Path == problem.Path })

		switch {
		case same >= 0:
			all[same].Want, all[same].Mend = problem.Want, problem.Mend
		case !slices.ContainsFunc(all, func(told Problem) bool { return isPart(problem.Path, told.Path) }):
			all = append(all, problem)
		}
	}

	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(a.Path, b.Path) })

	return all
}

// isPart reports whether path leads to a part of what whole leads to.
func isPart(path, whole string) bool {
	rest, within := strings.CutPrefix(path, whole)

	return within && rest != "" && (rest[0] == '.' || rest[0] == '[')
}
