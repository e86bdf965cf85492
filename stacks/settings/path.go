package settings

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// index is the place of an element in its list, at the end of a path.
var index = regexp.MustCompile(`\[\d+\]$`) //nolint:gochecknoglobals // compiled once, never changed

// separators are what stands between the steps of a path such as "platform:network.zones[1]".
var separators = regexp.MustCompile(`[.\[\]]+`) //nolint:gochecknoglobals // compiled once, never changed

// got returns what the configuration has at path, as JSON.
func (l *loader) got(path string) string {
	var value any = l.raw

	for _, step := range steps(path) {
		switch container := value.(type) {
		case map[string]any:
			value = container[step]
		case []any:
			value = element(container, step)
		default:
			value = nil
		}
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

// element returns the list's element whose index is written as step.
func element(list []any, step string) any {
	for i, value := range list {
		if fmt.Sprint(i) == step {
			return value
		}
	}

	return nil
}

func steps(path string) []string {
	return separators.Split(strings.TrimSuffix(path, "]"), -1)
}
