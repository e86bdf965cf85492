package config

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// anyStep stands in a path for the name of a map's member, or for an index.
const anyStep = "*"

// Key describes a setting for the problems of invalid values.
type Key struct {
	// Expected completes the sentence "expected …".
	Expected string
	// Element completes it for an element of a list or a member of a map.
	Element string
	// Example is a value that is valid in most environments; the fix of an invalid value sets it. Without an example the
	// fix removes the value. Then its default applies, or the next run reports the next problem.
	Example string
}

// Keys describe settings by path. Objects and lists with a description of their own have a key, too.
type Keys map[string]Key

// Expected completes the sentence "expected …" for the value at a path. The path may also lead to an element of a
// setting, or to an object that has settings as members.
func (k Keys) Expected(path string) string { return k.at(path).Expected }

func (k Keys) at(path string) Key {
	var (
		element Key
		members []string
	)

	at := steps(path)

	// An object's key sorts before those of its members, so the last match is the most specific one.
	for _, name := range slices.Sorted(maps.Keys(k)) {
		known := steps(name)
		shared := min(len(at), len(known))

		switch {
		case !slices.EqualFunc(known[:shared], at[:shared], isStep):
		case len(at) == len(known):
			return k[name]
		case len(at) > len(known):
			element = Key{Expected: k[name].Element}
		default:
			members = append(members, known[shared])
		}
	}

	if len(members) > 0 {
		return Key{Expected: "an object of " + strings.Join(slices.Compact(members), ", ")}
	}

	return element
}

// isStep reports whether a step of a path matches that of a key.
func isStep(known, step string) bool { return known == anyStep || known == step }

// Paths returns the path of every setting of a type, in order. In a path, "*" stands for the name of a map's member,
// and "[*]" for an index.
func Paths[T any]() []string {
	found := paths(reflect.TypeFor[T](), "")
	slices.Sort(found)

	return found
}

func paths(t reflect.Type, at string) []string {
	hasMembers := func(t reflect.Type) bool { return t.Kind() == reflect.Struct && !isText(t) }

	switch {
	case t.Kind() == reflect.Pointer:
		return paths(t.Elem(), at)
	case t.Kind() == reflect.Map && hasMembers(t.Elem()):
		return paths(t.Elem(), at+"."+anyStep)
	case t.Kind() == reflect.Slice && hasMembers(t.Elem()):
		return paths(t.Elem(), at+"["+anyStep+"]")
	case !hasMembers(t):
		return []string{at}
	}

	var found []string

	for field := range t.Fields() {
		path := at

		name, option, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
		if option != "squash" {
			path = strings.TrimPrefix(at+"."+name, ".")
		}

		found = append(found, paths(field.Type, path)...)
	}

	return found
}

// Choice lists the values of a setting: "a, b or c".
func Choice[T ~string](values []T) string {
	words := make([]string, 0, len(values))
	for _, value := range values {
		words = append(words, string(value))
	}

	last := len(words) - 1
	if last == 0 {
		return words[0]
	}

	return strings.Join(words[:last], ", ") + " or " + words[last]
}
