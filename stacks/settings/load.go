package settings

import "fmt"

// Load reads a stack's settings from its configuration. It returns what could be read together with all that
// is wrong; problems is empty where nothing is.
func Load(stack string, config Config, neighbours Neighbours) (Settings, Problems) {
	l := &loader{stack: stack, raw: rawValues(config), settings: Defaults(), problems: nil}

	l.decode()
	l.checkRegion()
	l.checkDefaultTags()
	l.checkNetwork(neighbours)

	return l.settings, l.problems
}

// loader collects settings and problems of one stack.
type loader struct {
	stack    string
	raw      map[string]any
	settings Settings
	problems Problems
}

// problem reports the value at path, unless it is known to be wrong; want is what its key wants where it is
// empty.
func (l *loader) problem(path, want string) {
	k := keyOf(path)
	if want == "" {
		want = k.wants
	}

	l.mend(path, want, k.member, k.example)
}

// mend reports the value at path together with the member of it and the value there that would be right.
func (l *loader) mend(path, want, member, right string) {
	if l.problems.has(path) {
		return
	}

	l.problems = append(l.problems, Problem{
		Path: path,
		Got:  l.got(path),
		Want: want,
		Mend: SetCommand(l.stack, path+member, right),
	})
}

// SetCommand is what one types to set the key at path.
func SetCommand(stack, path, value string) string {
	return fmt.Sprintf("pulumi config set --stack %s --path '%s' %s", stack, path, value)
}
