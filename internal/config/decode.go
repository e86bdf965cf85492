package config

import (
	"encoding"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
)

// engineNamespace starts the engine's own keys, such as pulumi:disable-default-providers.
const engineNamespace = "pulumi:"

// Decode returns the settings of a stack: its values over the defaults. The checker has a problem for each key that no
// setting reads and each value of the wrong type; everything else is decoded.
func Decode[T any](stack string, values Values, defaults func() T, keys Keys) (T, *Checker) {
	settings := defaults()
	c := &Checker{stack: stack, keys: keys, raw: rawValues(values)}
	fresh := func() any {
		discarded := defaults()

		return &discarded
	}
	c.renameKeys(fresh)

	raw := clone(c.raw)

	// The decoder reports no unknown key in an object that also has an invalid value. So the invalid values are found
	// first, and removed before the values are decoded again.
	for _, name := range wrongTypes(decode(raw, fresh(), nil)) {
		c.wrongType(name, fresh)
		blank(raw, steps(name))
	}

	var metadata mapstructure.Metadata
	for _, name := range wrongTypes(decode(raw, &settings, &metadata)) {
		c.Invalid(c.path(steps(name)))
	}

	for unknown, meant := range c.unknown(&metadata) {
		c.Report(unknown, didYouMean(meant), c.Remove(unknown))
	}

	return settings, c
}

// wrongType reports a value of the wrong type. The fix sets the value that was meant, if there is one.
func (c *Checker) wrongType(name string, fresh func() any) {
	at := steps(name)
	path := c.path(at)
	c.Invalid(path)

	for _, meant := range c.meant(path, lookUp(c.raw, at)) {
		corrected := clone(c.raw)
		replace(corrected, at, meant)

		if slices.Contains(wrongTypes(decode(corrected, fresh(), nil)), name) {
			continue
		}

		sets, ok := c.sets(path, meant)
		if !ok {
			continue
		}

		// The CLI keeps the quotes of a text, and does not set an element of it.
		if _, isText := meant.(string); !isText && !isElement(path) {
			sets = append([]string{c.Remove(path)}, sets...)
		}

		c.Report(path, c.Expected(path), sets...)

		return
	}
}

// meant returns the values of other types that a value may stand for: a boolean, a number, a text, or a list.
func (c *Checker) meant(path string, value any) []any {
	var all []any

	key, list := c.keys.at(path), []any{value}

	switch value := value.(type) {
	case map[string]any, []any:
		return nil
	case string:
		all, list = meantByText(value), nil
		for element := range strings.SplitSeq(value, ",") {
			list = append(list, strings.TrimSpace(element))
		}
	default:
		if strings.Contains(key.Expected, "in quotes") {
			all = append(all, fmt.Sprint(value))
		}
	}

	if key.Element != "" {
		all = append(all, list)
	}

	return all
}

// sizeForm matches a whole number, also with the unit of the settings, GiB.
var sizeForm = regexp.MustCompile(`^([0-9]+) ?(?:Gi?B?)?$`)

// meantByText returns the boolean or the number that a text stands for. YAML 1.1 has more words for booleans than the
// stack file.
func meantByText(text string) []any {
	switch strings.ToLower(text) {
	case "true", "yes", "on", "y":
		return []any{true}
	case "false", "no", "off", "n":
		return []any{false}
	}

	if size := sizeForm.FindStringSubmatch(text); size != nil {
		return []any{json.Number(size[1])}
	}

	return nil
}

// decode matches names exactly and converts no type into another.
func decode(raw, settings any, metadata *mapstructure.Metadata) error {
	decoder, err := mapstructure.NewDecoder(&mapstructure.DecoderConfig{
		Result:     settings,
		Metadata:   metadata,
		MatchName:  func(key, field string) bool { return key == field },
		DecodeHook: mapstructure.ComposeDecodeHookFunc(onlyString, mapstructure.TextUnmarshallerHookFunc()),
	})
	if err != nil {
		panic(err) // the result is no pointer
	}

	return decoder.Decode(raw)
}

// onlyString refuses anything but a string for a type that is written as a string, such as a CIDR. Otherwise the
// decoder would look for fields of that type.
func onlyString(from, to reflect.Type, data any) (any, error) {
	if to.Kind() == reflect.Struct && from.Kind() != reflect.String && isText(to) {
		return nil, fmt.Errorf("%s is not a string", from)
	}

	return data, nil
}

func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// rawValues parses the JSON of objects and lists; any other value stays a string.
func rawValues(values Values) map[string]any {
	raw := make(map[string]any, len(values))

	for name, text := range values {
		if !strings.HasPrefix(name, engineNamespace) {
			raw[name] = parse(text)
		}
	}

	return raw
}

// parse returns the members of an object or a list, with numbers as they are written, and any other string itself.
func parse(text string) any {
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

// wrongTypes returns the names in the decoder's errors, which it joins and wraps.
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
