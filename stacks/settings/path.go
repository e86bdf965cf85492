package settings

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// step is a part of a path: a quoted member, an index or (as the decoder writes it) a map's member in brackets,
// or a bare name, as in `platform:network.zones[1]` and `aws:defaultTags.tags["example.com/owner"]`.
var step = regexp.MustCompile(`\["([^"]*)"\]|\[([^\]]*)\]|([^.\[\]]+)`)

// steps takes a path apart.
func steps(path string) []string {
	var parts []string
	for _, match := range step.FindAllStringSubmatch(path, -1) {
		parts = append(parts, match[1]+match[2]+match[3])
	}

	return parts
}

// got returns what the configuration has at path, as JSON.
func (l *loader) got(path string) string {
	value, found := l.raw[path]
	if !found {
		value = lookUp(l.raw, steps(path))
	}

	if value == nil {
		return "nothing"
	}

	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}

	return string(text)
}

// lookUp returns the value that the steps lead to, and nil where there is none.
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

// blank takes the value away that the steps lead to; an element leaves its place in the list empty.
func blank(value any, steps []string) {
	last := len(steps) - 1

	switch container := lookUp(value, steps[:max(last, 0)]).(type) {
	case map[string]any:
		delete(container, steps[last])
	case []any:
		if i, err := strconv.Atoi(steps[last]); err == nil && i >= 0 && i < len(container) {
			container[i] = nil
		}
	}
}

// path writes steps as one types them.
func (l *loader) path(steps []string) string {
	var path strings.Builder

	for i, step := range steps {
		_, indexed := lookUp(l.raw, steps[:i]).([]any)

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

// member writes a step into an object.
func member(name string) string {
	if name == "" || strings.ContainsAny(name, `.[]`) {
		return `["` + name + `"]`
	}

	return "." + name
}

// Member is the path of an object's member as one types it.
func Member(object, name string) string { return object + member(name) }
