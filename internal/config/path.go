package config

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// step matches one step of a path: a quoted member, an index, a map's member in brackets (as the decoder writes it), or
// a bare name, as in `platform:network.zones[1]` and `aws:defaultTags.tags["example.com/owner"]`.
var step = regexp.MustCompile(`\["([^"]*)"\]|\[([^\]]*)\]|([^.\[\]]+)`)

// steps splits a path into its steps.
func steps(path string) []string {
	var parts []string
	for _, match := range step.FindAllStringSubmatch(path, -1) {
		parts = append(parts, match[1]+match[2]+match[3])
	}

	return parts
}

// got returns the configured value at a path as JSON.
func (c *Checker) got(path string) string {
	value, found := c.raw[path]
	if !found {
		value = lookUp(c.raw, steps(path))
	}

	if value == nil {
		return "nothing"
	}

	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}

	return credentials.ReplaceAllString(string(text), "$1***@")
}

// credentials matches the password or the token in a URL, which no message may show.
var credentials = regexp.MustCompile(`(https?://|://[^/@:\s"]*:)[^/@\s"]*@`)

// lookUp returns the value that the steps lead to, or nil.
func lookUp(value any, steps []string) any {
	for _, step := range steps {
		switch container := value.(type) {
		case map[string]any:
			value = container[step]
		case []any:
			value = nil
			if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(container) {
				value = container[i]
			}
		default:
			return nil
		}
	}

	return value
}

// blank removes the value that the steps lead to. An element leaves its place in the list empty.
func blank(value any, steps []string) { replace(value, steps, nil) }

// replace replaces the value that the steps lead to. A member of an object is removed if there is no other value.
func replace(value any, steps []string, other any) {
	last := len(steps) - 1

	switch container := lookUp(value, steps[:max(last, 0)]).(type) {
	case map[string]any:
		container[steps[last]] = other
		if other == nil {
			delete(container, steps[last])
		}
	case []any:
		if i, err := strconv.Atoi(steps[last]); err == nil && i >= 0 && i < len(container) {
			container[i] = other
		}
	}
}

// path joins steps to a path for the command line.
func (c *Checker) path(steps []string) string {
	var path strings.Builder

	for i, step := range steps {
		_, indexed := lookUp(c.raw, steps[:i]).([]any)

		switch {
		case indexed:
			path.WriteString("[" + step + "]")
		case i == 0:
			path.WriteString(step)
		default:
			path.WriteString(member(step))
		}
	}

	return path.String()
}

// Member is the path of an object's member.
func Member(object, name string) string { return object + member(name) }

// Element is the path of a list's element.
func Element(list string, index int) string { return fmt.Sprintf("%s[%d]", list, index) }

// isElement reports whether a path leads to an element of a list. Removing one would move the elements after it.
func isElement(path string) bool {
	return strings.HasSuffix(path, "]") && !strings.HasSuffix(path, `"]`)
}

// member is the step to a member of an object.
func member(name string) string {
	if name == "" || strings.ContainsAny(name, `.[]`) {
		return `["` + name + `"]`
	}

	return "." + name
}
