package config

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/go-viper/mapstructure/v2"
)

// renameKeys reports the misspelt keys, and moves their values to the keys that were meant. So the mistakes in these
// values are found, too, and no meant key is reported as missing. fresh returns a pointer to the default settings.
func (c *Checker) renameKeys(fresh func() any) {
	for renamed := true; renamed; { // a renamed section may have misspelt keys
		renamed = false

		raw := clone(c.raw)
		for _, name := range wrongTypes(decode(raw, fresh(), nil)) {
			blank(raw, steps(name))
		}

		var metadata mapstructure.Metadata

		_ = decode(raw, fresh(), &metadata) // the remaining errors are found again

		found := c.unknown(&metadata)
		for _, unknown := range slices.Sorted(maps.Keys(found)) {
			renamed = c.rename(unknown, found[unknown]) || renamed
		}
	}
}

// misplaced returns the only known key that has the unknown key's name, but another object, or "".
func misplaced(unknown string, known []string) string {
	_, name := splitKey(unknown)
	meant := slices.DeleteFunc(slices.Clone(known), func(candidate string) bool {
		_, other := splitKey(candidate)

		return other != name
	})

	if len(meant) != 1 {
		return ""
	}

	return meant[0]
}

// splitKey returns the object of a key, with the separator, and the key's own name.
func splitKey(key string) (string, string) {
	at := strings.LastIndexAny(key, ".:") + 1

	return strings.ToLower(key[:at]), strings.ToLower(key[at:])
}

// rename reports a misspelt or misplaced key, unless it has no value or the meant key has one.
func (c *Checker) rename(unknown, meant string) bool {
	from, to := steps(unknown), steps(meant)
	if len(from) == 0 || len(to) == 0 {
		return false
	}

	last, end := len(from)-1, len(to)-1
	value := lookUp(c.raw, from)
	object, isObject := lookUp(c.raw, from[:last]).(map[string]any)
	target, isTarget := lookUp(c.raw, to[:end]).(map[string]any)

	if !isObject || !isTarget || c.Has(meant) || isEmpty(value) {
		return false
	}

	c.problems = c.problems.With(Problem{
		Path: unknown, Got: c.got(unknown), Expected: didYouMean(meant), Fix: c.move(unknown, meant), renames: true,
	})

	target[to[end]] = value

	delete(object, from[last])

	return true
}

// move is the command that moves the value at a path to another path.
func (c *Checker) move(from, to string) string {
	sets, ok := c.sets(to, lookUp(c.raw, steps(from)))
	if !ok {
		return c.edit()
	}

	return strings.Join(append(sets, c.Remove(from)), " && ")
}

// MoveCommand is the command that moves the value at a path of a stack's configuration to another path. If no other
// command can write the value, it opens the stack file.
func MoveCommand(stack string, values Values, from, to string) string {
	c := &Checker{stack: stack, raw: rawValues(values)}

	return c.move(from, to)
}

// unknown returns the paths of the keys that no setting reads, with the paths of the keys that were meant, or "".
func (c *Checker) unknown(metadata *mapstructure.Metadata) map[string]string {
	known := slices.Sorted(slices.Values(slices.Concat(metadata.Keys, metadata.Unset)))
	found := make(map[string]string)

	for _, unknown := range slices.Sorted(slices.Values(metadata.Unused)) {
		path, meant := unknown, cmp.Or(Nearest(unknown, known), misplaced(unknown, known))
		if meant != "" {
			meant = c.path(steps(meant))
		}

		for _, object := range known {
			if name, within := strings.CutPrefix(unknown, object+"."); within {
				path = Member(c.path(steps(object)), name)
			}
		}

		found[path] = meant
	}

	return found
}

func didYouMean(meant string) string {
	if meant == "" {
		return "a known key"
	}

	return fmt.Sprintf("a known key (did you mean %s?)", meant)
}

var integerForm = regexp.MustCompile(`^-?[0-9]+$`)

// sets returns the commands that set a value, one for each part, because the CLI reads no objects or lists. There are
// none for a secret, and for a value that the commands cannot write.
func (c *Checker) sets(path string, value any) ([]string, bool) {
	parts := make(map[string]any)

	switch value := value.(type) {
	case map[string]any:
		for name, part := range value {
			if name == "secure" || strings.ContainsAny(name, `:"'\`) {
				return nil, false
			}

			parts[Member(path, name)] = part
		}
	case []any:
		for i, element := range value {
			parts[Element(path, i)] = element
		}
	default:
		return c.setScalar(path, value)
	}

	var commands []string

	// The elements of a list are set in the order of their indexes.
	byIndex := func(a, b string) int { return inOrder(Problem{Path: a}, Problem{Path: b}) }
	for _, path := range slices.SortedFunc(maps.Keys(parts), byIndex) {
		more, ok := c.sets(path, parts[path])
		if !ok {
			return nil, false
		}

		commands = append(commands, more...)
	}

	return commands, len(commands) > 0 // the CLI has no empty object, and no empty list
}

// setScalar is sets for a string, a boolean or a number. To the CLI, a value that starts with a dash is an option.
func (c *Checker) setScalar(path string, value any) ([]string, bool) {
	text, kind := fmt.Sprint(value), ""

	switch value := value.(type) {
	case nil:
		return nil, false
	case string:
		kind = kindOf(value)
	case json.Number:
		kind = map[bool]string{true: "", false: "float"}[integerForm.MatchString(text)]
	}

	return []string{setCommand(c.stack, kind, path, text)}, !strings.HasPrefix(text, "-")
}

// kindOf returns the type of a string that the CLI would convert into a boolean or a number, or "".
func kindOf(value string) string {
	if value == "true" || value == "false" || integerForm.MatchString(value) {
		return "string"
	}

	return ""
}

func isEmpty(value any) bool {
	switch value := value.(type) {
	case nil:
		return true
	case map[string]any:
		return len(value) == 0
	case []any:
		return len(value) == 0
	}

	return false
}

// clone returns a copy of a value with copies of its objects and lists.
func clone(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for name, member := range value {
			copied[name] = clone(member)
		}

		return copied
	case []any:
		copied := make([]any, len(value))
		for i, element := range value {
			copied[i] = clone(element)
		}

		return copied
	}

	return value
}

// Nearest returns the known key that differs in at most three letters, ignoring case, or "". In a short name, at least
// half the letters must be right: "nat" differs from any other three letters in three. Without such a key, it returns
// the only one in the same object that starts or ends with the unknown key, or with which the unknown key starts or
// ends.
func Nearest(unknown string, known []string) string {
	const farthest, half, shortest = 3, 2, 3

	object, name := splitKey(unknown)

	var related []string

	best, distance := "", min(farthest, len(name)/half)+1
	for _, candidate := range known {
		if d := levenshtein.Distance(strings.ToLower(unknown), strings.ToLower(candidate), nil); d < distance {
			best, distance = candidate, d
		}

		of, other := splitKey(candidate)
		if of == object && min(len(name), len(other)) >= shortest && (within(name, other) || within(other, name)) {
			related = append(related, candidate)
		}
	}

	if best == "" && len(related) == 1 {
		return related[0]
	}

	return best
}

// within reports whether a name starts or ends with another one.
func within(name, other string) bool {
	return strings.HasPrefix(name, other) || strings.HasSuffix(name, other)
}
