package config

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
	// renames is whether the fix moves the value to the key that was meant.
	renames bool
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

// With returns the problems together with more, in the order in which their fixes can run. Each mistake is reported
// once: a problem with a part of an invalid value, or of a value that a fix removes, is dropped. Of two problems with
// the same path, the later one replaces the earlier one, because it comes from a more specific rule; Got stays.
func (p Problems) With(more ...Problem) Problems {
	all := slices.Clone(p)

	for _, problem := range more {
		if slices.ContainsFunc(all, func(known Problem) bool { return isPart(problem.Path, known.Path) }) {
			continue
		}

		same := slices.IndexFunc(all, func(known Problem) bool { return known.Path == problem.Path })
		if same < 0 {
			all = append(all, problem)
		} else {
			all[same].Expected, all[same].Fix = problem.Expected, problem.Fix
		}

		if problem.removes() {
			all = slices.DeleteFunc(all, func(known Problem) bool { return isPart(known.Path, problem.Path) })
		}
	}

	slices.SortStableFunc(all, inOrder)

	return all
}

// inOrder compares problems by path. Renames are first, the outer before the inner ones: other paths may be those of a
// renamed section.
func inOrder(a, b Problem) int {
	stepsA, stepsB := step.FindAllString(a.Path, -1), step.FindAllString(b.Path, -1)

	switch {
	case a.renames != b.renames:
		return map[bool]int{true: -1, false: 1}[a.renames]
	case a.renames && len(stepsA) != len(stepsB):
		return cmp.Compare(len(stepsA), len(stepsB))
	}

	for i := range min(len(stepsA), len(stepsB)) {
		if stepsA[i] == stepsB[i] {
			continue
		}

		if indexA, indexB := index(stepsA[i]), index(stepsB[i]); indexA >= 0 && indexB >= 0 {
			return elementsInOrder(indexA, indexB, len(stepsA) == i+1 && a.removes(), len(stepsB) == i+1 && b.removes())
		}

		break
	}

	return cmp.Compare(a.Path, b.Path)
}

// elementsInOrder compares elements of a list by index. Those that fixes remove are last, from the end of the list,
// because a removal changes the indexes after it.
func elementsInOrder(a, b int, removedA, removedB bool) int {
	switch {
	case removedA && removedB:
		return cmp.Compare(b, a)
	case removedA:
		return 1
	case removedB:
		return -1
	}

	return cmp.Compare(a, b)
}

// index returns the index in a step such as "[1]", or -1.
func index(step string) int {
	number, err := strconv.Atoi(strings.Trim(step, "[]"))
	if err != nil || !strings.HasPrefix(step, "[") {
		return -1
	}

	return number
}

// removes reports whether the fix removes the value at the problem's path.
func (p Problem) removes() bool {
	for command := range strings.SplitSeq(p.Fix, " && ") {
		if strings.HasPrefix(command, "pulumi config rm ") && strings.HasSuffix(command, " --path '"+p.Path+"'") {
			return true
		}
	}

	return false
}

// isPart reports whether a path leads to a part of the value at another path.
func isPart(path, whole string) bool {
	rest, within := strings.CutPrefix(path, whole)

	return within && rest != "" && (rest[0] == '.' || rest[0] == '[')
}

// SetCommand is the command that sets the value at a path.
func SetCommand(stack, path, value string) string { return setCommand(stack, "", path, value) }

// SetStringCommand is SetCommand for a string that may look like a boolean or a number.
func SetStringCommand(stack, path, value string) string {
	return setCommand(stack, kindOf(value), path, value)
}

// setCommand is SetCommand for a value of a type, unless the type is "".
func setCommand(stack, kind, path, value string) string {
	if kind != "" {
		kind = " --type " + kind
	}

	if !plainForm.MatchString(value) {
		value = "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
	}

	return fmt.Sprintf("pulumi config set --stack %s%s --path '%s' %s", stack, kind, path, value)
}

// plainForm matches the values that a shell takes as they are.
var plainForm = regexp.MustCompile(`^[\pL\pN_.,:/=+@%~-]+$`)

// RemoveCommand is the command that removes the value at a path.
func RemoveCommand(stack, path string) string {
	return fmt.Sprintf("pulumi config rm --stack %s --path '%s'", stack, path)
}
