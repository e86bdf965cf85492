package settings

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-viper/mapstructure/v2"

	platform "github.com/msur/platform/stacks/settings"
)

// engineNamespace is the engine's own part of a stack's configuration.
const engineNamespace = "pulumi:"

// Load reads an account's settings from its configuration. It returns what could be read together with all that is
// wrong, ordered by path; problems is empty where nothing is.
func Load(stack string, config platform.Config) (Settings, platform.Problems) {
	l := &loader{stack: stack, raw: make(map[string]any), settings: defaults()}

	for name, text := range config {
		if !strings.HasPrefix(name, engineNamespace) {
			l.raw[name] = plain(text)
		}
	}

	l.decode()

	if l.settings.ServiceLinkedRoles == nil {
		l.settings.ServiceLinkedRoles = DefaultServiceLinkedRoles()
	}

	l.check()

	return l.settings, l.problems
}

// loader collects settings and problems.
type loader struct {
	stack    string
	raw      map[string]any
	settings Settings
	problems platform.Problems
}

// plain returns the members of an object or a list, and any other text itself.
func plain(text string) any {
	var value any

	if !strings.ContainsAny(text[:min(len(text), 1)], "{[") || json.Unmarshal([]byte(text), &value) != nil {
		return text
	}

	return value
}

// decode fills the settings key by key, so that what is wrong with one says nothing of another. Keys that no setting
// reads, and values of another type, are problems.
func (l *loader) decode() {
	for _, name := range slices.Sorted(maps.Keys(l.raw)) {
		var read mapstructure.Metadata

		decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
			Result:    &l.settings,
			Metadata:  &read,
			MatchName: func(key, field string) bool { return key == field },
		})
		if err != nil {
			panic(err) // it refuses only a result that is no pointer
		}

		if err := decoder.Decode(map[string]any{name: l.raw[name]}); err != nil {
			l.tell(name, wants(name), l.remove(name))
		}

		for _, unknown := range read.Unused {
			l.tell(unknown, "no such key", l.remove(unknown))
		}
	}
}

// tell reports the value at path, and the commands that put it right one after another.
func (l *loader) tell(path, want string, commands ...string) {
	l.problems = l.problems.With(platform.Problem{
		Path: path, Got: l.got(path), Want: want, Mend: strings.Join(commands, " && "),
	})
}

// got returns what the configuration has at path, as JSON.
func (l *loader) got(path string) string {
	section, rest, _ := strings.Cut(strings.ReplaceAll(path, "[", "."), ".")
	value := l.raw[section]

	for step := range strings.FieldsFuncSeq(rest, func(letter rune) bool { return letter == '.' || letter == ']' }) {
		value = member(value, step)
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

// member is what an object or a list holds under a name or an index.
func member(value any, step string) any {
	switch container := value.(type) {
	case map[string]any:
		return container[step]
	case []any:
		for i := range container {
			if strconv.Itoa(i) == step {
				return container[i]
			}
		}
	}

	return nil
}

func (l *loader) set(path, value string) string { return platform.SetCommand(l.stack, path, value) }

func (l *loader) remove(path string) string { return platform.RemoveCommand(l.stack, path) }
