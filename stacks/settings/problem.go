package settings

import (
	"fmt"
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
type Problems []Problem

// Error has a line for each problem.
func (p Problems) Error() string {
	lines := make([]string, 0, len(p))
	for _, problem := range p {
		lines = append(lines, problem.String())
	}

	return strings.Join(lines, "\n")
}

// has reports whether something is known to be wrong with the key at path, or with what it is part of: one
// mistake is told once.
func (p Problems) has(path string) bool {
	for _, problem := range p {
		rest, within := strings.CutPrefix(path, problem.Path)
		if within && (rest == "" || rest[0] == '.' || rest[0] == '[') {
			return true
		}
	}

	return false
}
