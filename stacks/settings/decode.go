package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/go-viper/mapstructure/v2"
)

// Config is a stack's configuration as the engine hands it to the program: by key, objects as JSON.
type Config map[string]string

// engineNamespace is the engine's own part of a stack's configuration, such as pulumi:disable-default-providers.
const engineNamespace = "pulumi:"

// decode fills settings from the configuration. Keys that no setting reads and values of another type are
// problems; whatever is right is decoded all the same.
func (l *loader) decode() {
	var metadata mapstructure.Metadata

	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{ //nolint:exhaustruct // zero is its default
		Result:     &l.settings,
		Metadata:   &metadata,
		MatchName:  func(key, field string) bool { return key == field },
		DecodeHook: mapstructure.TextUnmarshallerHookFunc(),
	})
	if err != nil {
		panic(err) // it refuses only a result that is no pointer
	}

	l.wrongTypes(decoder.Decode(l.raw))
	l.unknownKeys(metadata)
}

// rawValues turns the configuration into plain values: a JSON object or list into its members, anything else
// into a text.
func rawValues(config Config) map[string]any {
	raw := make(map[string]any, len(config))

	for name, text := range config {
		if strings.HasPrefix(name, engineNamespace) {
			continue
		}

		raw[name] = text

		decoder := json.NewDecoder(bytes.NewReader([]byte(text)))
		decoder.UseNumber()

		var value any
		if strings.ContainsAny(text[:min(len(text), 1)], "{[") && decoder.Decode(&value) == nil {
			raw[name] = value
		}
	}

	return raw
}

// wrongTypes reports the decoder's complaints, however it has joined and wrapped them.
func (l *loader) wrongTypes(err error) {
	switch e := err.(type) { //nolint:errorlint // walks the tree of errors one by one
	case *mapstructure.DecodeError:
		l.problem(e.Name(), "")
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			l.wrongTypes(one)
		}
	case interface{ Unwrap() error }:
		l.wrongTypes(e.Unwrap())
	}
}

// unknownKeys reports what nothing reads, with the key that was probably meant.
func (l *loader) unknownKeys(metadata mapstructure.Metadata) {
	known := slices.Concat(metadata.Keys, metadata.Unset)

	slices.Sort(metadata.Unused)

	for _, unknown := range metadata.Unused {
		want := "no such key"
		if meant := nearest(unknown, known); meant != "" {
			want = fmt.Sprintf("a known key (%s?)", meant)
		}

		l.problems = append(l.problems, Problem{
			Path: unknown,
			Got:  l.got(unknown),
			Want: want,
			Mend: fmt.Sprintf("pulumi config rm --stack %s --path '%s'", l.stack, unknown),
		})
	}
}

// nearest returns the known key that is at most three letters away, if there is one.
func nearest(unknown string, known []string) string {
	const farthest = 3

	best, distance := "", farthest+1
	for _, candidate := range known {
		if d := levenshtein.Distance(unknown, candidate, nil); d < distance {
			best, distance = candidate, d
		}
	}

	return best
}
