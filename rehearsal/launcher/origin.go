package launcher

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/msur/platform/rehearsal/simulation/provider"
)

// mostOrigins is how many settings a refusal lists. More settings with the same value explain nothing.
const mostOrigins = 3

// leaf is a string or a number in the settings.
type leaf struct {
	path, name string
}

// origins finds the settings with a refused value. The program does not report which setting a property comes from, and
// may compute a property from several settings: then none has its value, and the refusal names none. Where several
// settings have the value, those that the refusal mentions by name are the origin, such as instanceClass.
func origins(settings map[string]any, file string) provider.Origin {
	leaves := make(map[string][]leaf)
	collect(leaves, leaf{}, settings)

	return func(refusal, value string) string {
		found, words := leaves[value], strings.FieldsFunc(refusal, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_-", r)
		})

		unmentioned := func(l leaf) bool { return !slices.Contains(words, l.name) }
		if named := slices.DeleteFunc(slices.Clone(found), unmentioned); len(named) > 0 {
			found = named
		}

		if len(found) == 0 || len(found) > mostOrigins {
			return ""
		}

		paths := make([]string, len(found))
		for i, l := range found {
			paths[i] = l.path
		}

		return fmt.Sprintf("the value of %s in %s", strings.Join(paths, " and "), file)
	}
}

// collect adds the leaves of a value by their own values. Booleans are none: any setting can be true.
func collect(leaves map[string][]leaf, at leaf, value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			collect(leaves, leaf{strings.TrimPrefix(at.path+step(name), "."), name}, value[name])
		}
	case []any:
		for i, element := range value {
			collect(leaves, leaf{fmt.Sprintf("%s[%d]", at.path, i), at.name}, element)
		}
	case bool, nil:
	default:
		text := fmt.Sprint(value)
		leaves[text] = append(leaves[text], at)
	}
}

// step is the step to a member of an object in the paths of the pulumi CLI.
func step(name string) string {
	if strings.ContainsAny(name, ".[]") {
		return `["` + name + `"]`
	}

	return "." + name
}
