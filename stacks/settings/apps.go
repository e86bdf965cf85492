package settings

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/components/gitops"
	"github.com/msur/platform/components/ingress"
	"github.com/msur/platform/internal/config"
)

// App is a member of platform:apps.
type App struct {
	// Path is the path of the application's requests and all paths below it, such as "/flights".
	Path string `mapstructure:"path"`
	// Needs are the stores that the application uses. Default: none, and no permissions.
	Needs []Need `mapstructure:"needs"`
}

// Need is a store that an application can use.
type Need string

// The stores.
const (
	NeedsMySQL Need = "mysql"
	NeedsRedis Need = "redis"
)

// Needs returns the stores that applications can use.
func Needs() []Need { return []Need{NeedsMySQL, NeedsRedis} }

// MigrationAccount is the service account of the job that migrates an application's tables, in the application's
// namespace. An application of this name would share the job's role.
const MigrationAccount = "migrate"

const appsPath = "platform:apps"

func appKeys() config.Keys {
	return config.Keys{
		appsPath: {Expected: "an object of applications, by name"},
		appsPath + ".*.path": {
			Expected: "the path of its requests, such as /flights or /api/flights: words of lowercase letters, digits and " +
				"single dashes, each after a slash, and no slash at the end",
		},
		appsPath + ".*.needs": {Expected: "a list of stores", Element: config.Choice(Needs())},
	}
}

var pathForm = regexp.MustCompile(`^(/[a-z0-9]+(-[a-z0-9]+)*)+$`)

// validPath returns the valid path that resembles the given one. If there is none, it is that of the name.
func validPath(path, name string) string {
	path, _, _ = strings.Cut(path, "?")

	var valid strings.Builder

	for word := range strings.SplitSeq(strings.ToLower(path), "/") {
		if word = strings.Trim(notInWords.ReplaceAllString(word, "-"), "-"); word != "" {
			valid.WriteString("/" + word)
		}
	}

	return cmp.Or(valid.String(), "/"+name)
}

// checkApps requires a path of its own for each application.
func (c *checker) checkApps() {
	paths := make(map[string]string)

	for _, name := range slices.Sorted(maps.Keys(c.settings.Apps)) {
		c.checkApp(name)

		path := c.settings.Apps[name].Path
		if other, taken := paths[path]; taken && path != "" {
			at := config.Member(appsPath, name) + ".path"
			c.Report(at, fmt.Sprintf("a path of its own (%s has %s)", other, path), c.Set(at, c.freePath(name)))
		}

		paths[path] = name
	}
}

// freePath returns the path with the application's name, below the first number that no application has: the path of
// the name itself may be the one that another application took.
func (c *checker) freePath(name string) string {
	free := "/" + name

	isTaken := func(app App) bool { return app.Path == free }
	for i := 2; slices.ContainsFunc(slices.Collect(maps.Values(c.settings.Apps)), isTaken); i++ {
		free = fmt.Sprintf("/%s-%d", name, i)
	}

	return free
}

// checkApp requires a name that is valid for every object that is named after the application.
func (c *checker) checkApp(name string) {
	at := config.Member(appsPath, name)

	var expected string

	switch longest := maxApp(c.Stack()); {
	case !nameForm.MatchString(name) || len(name) > longest:
		expected = fmt.Sprintf(nameRule, longest)
	case name == MigrationAccount, strings.HasSuffix(name, "-"+MigrationAccount):
		expected = fmt.Sprintf("another name: names ending in %s are reserved for migration roles", MigrationAccount)
	case isTaken(name):
		expected = "another name: the cluster has a namespace of this name"
	}

	if expected != "" {
		c.Report(at, expected, c.Remove(at))

		return
	}

	app := c.settings.Apps[name]
	if path := at + ".path"; !pathForm.MatchString(app.Path) {
		c.Report(path, c.Expected(path), c.Set(path, validPath(app.Path, name)))
	}

	config.Unique(c.Checker, at+".needs", app.Needs, func(need Need) bool { return slices.Contains(Needs(), need) })
}

// isTaken reports whether the platform or Kubernetes has a namespace of this name.
func isTaken(namespace string) bool {
	return strings.HasPrefix(namespace, "kube-") ||
		slices.Contains([]string{gitops.Namespace, "default", ingress.Namespace}, namespace)
}

// maxApp is the maximum length of an application's name. The name of its role contains it twice, as namespace and as
// service account. Its cache user, with 40 characters, has room for any name that fits there.
func maxApp(environment string) int {
	const times = 2

	return (maxRole - len(environment+"--")) / times
}
