package settings

import (
	"fmt"
	"strings"
)

// Load reads a stack's settings from its configuration. It returns what could be read together with all that
// is wrong, ordered by path; problems is empty where nothing is.
func Load(stack string, config Config, neighbours Neighbours) (Settings, Problems) {
	l := &loader{stack: stack, raw: rawValues(config), settings: Defaults()}

	l.decode(rawValues(config))
	l.checkRegion()
	l.checkAccounts()
	l.checkDefaultTags()
	l.checkNetwork(neighbours)
	l.checkCluster()
	l.checkDatabase()
	l.checkCache()
	l.checkIngress()
	l.checkBoundary()
	l.checkGitOps()
	l.checkRunner()
	l.checkApps()

	return l.settings, l.problems
}

// loader collects settings and problems of one stack.
type loader struct {
	stack    string
	raw      map[string]any
	settings Settings
	problems Problems
}

// problem reports the value at path by what its key wants.
func (l *loader) problem(path string) {
	k := keyOf(path)
	if k.example == "" {
		l.tell(path, k.wants, l.remove(path))

		return
	}

	l.tell(path, k.wants, l.set(path, k.example))
}

// tell reports the value at path, and the commands that put it right one after another.
func (l *loader) tell(path, want string, commands ...string) {
	l.problems = l.problems.With(Problem{
		Path: path,
		Got:  l.got(path),
		Want: want,
		Mend: strings.Join(commands, " && "),
	})
}

func (l *loader) set(path, value string) string { return SetCommand(l.stack, path, value) }

func (l *loader) remove(path string) string { return RemoveCommand(l.stack, path) }

// SetCommand is what one types to set the key at path.
func SetCommand(stack, path, value string) string {
	return fmt.Sprintf("pulumi config set --stack %s --path '%s' %s", stack, path, value)
}

// RemoveCommand is what one types to take the key at path away.
func RemoveCommand(stack, path string) string {
	return fmt.Sprintf("pulumi config rm --stack %s --path '%s'", stack, path)
}
