package settings

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/go-viper/mapstructure/v2"
)

// Config is a stack's configuration as the engine hands it to the program: by key, objects as JSON.
type Config map[string]string

// engineNamespace is the engine's own part of a stack's configuration, such as pulumi:disable-default-providers.
const engineNamespace = "pulumi:"

// decode fills the settings from the raw values, which it changes. Keys that no setting reads and values of
// another type are problems; whatever is right is decoded all the same. The decoder tells of no unknown key
// in an object that also has a wrong value: so what is wrong is taken away, and the rest decoded again.
func (l *loader) decode(raw map[string]any) {
	discarded := Defaults()
	for _, name := range wrongTypes(strictly(raw, &discarded, nil)) {
		l.problem(l.path(steps(name)))
		blank(raw, steps(name))
	}

	var metadata mapstructure.Metadata
	for _, name := range wrongTypes(strictly(raw, &l.settings, &metadata)) {
		l.problem(l.path(steps(name)))
	}

	l.unknownKeys(&metadata)
}

// strictly decodes raw values into settings by their exact names, without turning one type into another.
func strictly(raw map[string]any, settings *Settings, metadata *mapstructure.Metadata) error {
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result:     settings,
		Metadata:   metadata,
		MatchName:  func(key, field string) bool { return key == field },
		DecodeHook: mapstructure.ComposeDecodeHookFunc(onlyText, mapstructure.TextUnmarshallerHookFunc()),
	})
	if err != nil {
		panic(err) // it refuses only a result that is no pointer
	}

	return decoder.Decode(raw)
}

// onlyText refuses anything else for a value that is written as a text, such as a CIDR: the decoder would look
// into the fields of its type.
func onlyText(from, to reflect.Type, data any) (any, error) {
	if to.Kind() == reflect.Struct && from.Kind() != reflect.String &&
		reflect.PointerTo(to).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
		return nil, fmt.Errorf("%s is no text", from)
	}

	return data, nil
}

// rawValues turns the configuration into plain values: a JSON object or list into its members, anything else
// into a text.
func rawValues(config Config) map[string]any {
	raw := make(map[string]any, len(config))

	for name, text := range config {
		if strings.HasPrefix(name, engineNamespace) {
			continue
		}

		raw[name] = plain(text)
	}

	return raw
}

// plain returns the members of an object or a list, with numbers as they are written, and any other text itself.
func plain(text string) any {
	if !strings.ContainsAny(text[:min(len(text), 1)], "{[") || !json.Valid([]byte(text)) {
		return text
	}

	var value any

	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()

	if decoder.Decode(&value) != nil {
		return text
	}

	return value
}

// wrongTypes returns where the decoder complains, however it has joined and wrapped its complaints.
func wrongTypes(err error) []string {
	switch e := err.(type) { //nolint:errorlint // walks the tree of errors one by one
	case *mapstructure.DecodeError:
		return []string{e.Name()}
	case interface{ Unwrap() []error }:
		var names []string
		for _, one := range e.Unwrap() {
			names = append(names, wrongTypes(one)...)
		}

		return names
	case interface{ Unwrap() error }:
		return wrongTypes(e.Unwrap())
	}

	return nil
}

// unknownKeys reports what nothing reads, with the key that was probably meant.
func (l *loader) unknownKeys(metadata *mapstructure.Metadata) {
	known := slices.Sorted(slices.Values(slices.Concat(metadata.Keys, metadata.Unset)))

	for _, unknown := range metadata.Unused {
		want := "no such key"
		if meant := nearest(unknown, known); meant != "" {
			want = fmt.Sprintf("a known key (%s?)", l.path(steps(meant)))
		}

		path := unknown

		for _, object := range known {
			if name, within := strings.CutPrefix(unknown, object+"."); within {
				path = l.path(steps(object)) + member(name)
			}
		}

		l.tell(path, want, l.remove(path))
	}
}

// nearest returns the known key that is at most three letters away in whatever case, if there is one. Of a short
// name, half the letters must be right: any three letters are three letters away from "nat".
func nearest(unknown string, known []string) string {
	const farthest, half = 3, 2

	name := unknown[strings.LastIndexAny(unknown, ".:")+1:]

	best, distance := "", min(farthest, len(name)/half)+1
	for _, candidate := range known {
		if d := levenshtein.Distance(strings.ToLower(unknown), strings.ToLower(candidate), nil); d < distance {
			best, distance = candidate, d
		}
	}

	return best
}
