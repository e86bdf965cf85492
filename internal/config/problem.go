package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one mistake in a stack's settings.
type Problem struct {
	// Path is the path of the setting, in the form of `pulumi config set --path`, such as "platform:network.zones[1]".
	Path string
	// Got is the configured value as JSON, or "nothing".
	Got string
	// Expected completes the sentence "expected …".
	Expected string
	// Fix is the command that corrects the mistake.
	Fix string
}

// String is the problem in one line.
func (p Problem) String() string {
	return fmt.Sprintf("%s: got %s, expected %s; run: %s", p.Path, p.Got, p.Expected, p.Fix)
}

// Problems is an error with one line for each mistake.
type Problems []Problem //nolint:errname // a list first: callers append to it and count it

// Error has a line for each problem.
func (p Problems) Error() string {
	lines := make([]string, 0, len(p))
	for _, problem := range p {
		lines = append(lines, problem.String())
	}

	return strings.Join(lines, "\n")
}

// With returns the problems together with more, sorted by path. Each mistake is reported once: a problem with a part of
// an invalid value is dropped. Of two problems with the same path, the later one replaces the earlier one, because it
// comes from a more specific rule; Got stays.
func (p Problems) With(more ...Problem) Problems {
	all := slices.Clone(p)

	for _, problem := range more {
		same := slices.IndexFunc(all, func(known Problem) bool { return known.Path == problem.Path })

		switch {
		case same >= 0:
			all[same].Expected, all[same].Fix = problem.Expected, problem.Fix
		case !slices.ContainsFunc(all, func(known Problem) bool { return isPart(problem.Path, known.Path) }):
			all = append(all, problem)
		}
	}

	slices.SortStableFunc(all, func(a, b Problem) int { return cmp.Compare(a.Path, b.Path) })

	return all
}

// isPart reports whether a path leads to a part of the value at another path.
func isPart(path, whole string) bool {
	rest, within := strings.CutPrefix(path, whole)

	return within && rest != "" && (rest[0] == '.' || rest[0] == '[')
}

// SetCommand is the command that sets the value at a path.
func SetCommand(stack, path, value string) string {
	return fmt.Sprintf("pulumi config set --stack %s --path '%s' %s", stack, path, value)
}

// RemoveCommand is the command that removes the value at a path.
func RemoveCommand(stack, path string) string {
	return fmt.Sprintf("pulumi config rm --stack %s --path '%s'", stack, path)
}
