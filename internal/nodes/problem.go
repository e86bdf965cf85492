package nodes

import "strings"

// Problem is a mistake in the description of nodes.
type Problem struct {
	// Path is the path of the field, such as "instanceTypes[1]".
	Path string
	// Expected completes the sentence "expected …".
	Expected string
	// Example is a value that would be valid, or "".
	Example string
	// Key is the valid key under which a label gets the value of the example, or "" if the key stays.
	Key string
}

// OneOf lists the values of a setting: "a, b or c".
func OneOf[T ~string](choices []T) string {
	words := make([]string, len(choices))
	for i, choice := range choices {
		words[i] = string(choice)
	}

	last := len(words) - 1

	return strings.Join(words[:last], ", ") + " or " + words[last]
}
