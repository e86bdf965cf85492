package settings_test

import (
	"testing"
)

const apps = "platform:apps"

func TestAppMistakes(t *testing.T) {
	t.Parallel()

	of := ofSection(apps)
	app := func(name, json, got, want string) mistake {
		made := of(name, json, got, want, "")
		made.values = map[string]string{apps: `{"` + name + `": ` + json + `}`}

		return made
	}
	needs := func(json, at, got, want string) mistake {
		made := app("flights", `{"path": "/flights", "needs": `+json+`}`, got, want)
		made.path += ".needs" + at
		made.fix = "'" + made.path + "'"

		return made
	}

	// Twice this with "sandbox" is one character longer than the 64 of a role's name.
	const long = "a23456789-123456789-12345678"

	// path sets the path of an application beside another one.
	path := func(given, want, fix string) mistake {
		got := `"` + given + `"`
		made := app("flights", `{"path": `+got+`}, "alone": {"path": "/taken"}`, got, want)
		made.path += ".path"
		made.fix = "'" + made.path + "' " + fix

		return made
	}

	checkMistakes(t, map[string]mistake{
		"a capital":           app("Flights", `{}`, `{}`, "lowercase letter"),
		"too long a name":     app(long, `{}`, `{}`, "at most 27"),
		"the migration's":     app("migrate", `{}`, `{}`, "migrate"),
		"a migration's role":  app("flights-migrate", `{}`, `{}`, "migrate"),
		"a namespace of ours": app("argocd", `{}`, `{}`, "another name"),
		"one of Kubernetes's": app("kube-public", `{}`, `{}`, "another name"),
		"without a path":      path("", "/flights", "/flights"),
		"not a path":          path("flights", "/flights", "/flights"),
		"a path with a query": path("/flights?a=b", "/flights", "/flights"),
		"a slash at the end":  path("/api/flights/", "no slash at the end", "/api/flights"),
		"no slash first":      path("api/flights", "each after a slash", "/api/flights"),
		"capitals in a path":  path("/API/myFlights", "lowercase", "/api/myflights"),
		"double slashes":      path("//api//flights", "each after a slash", "/api/flights"),
		"an underscore":       path("/api/my_flights", "single dashes", "/api/my-flights"),
		"only a slash":        path("/", "/flights", "/flights"),
		"another's path":      path("/taken", "alone has /taken", "/flights"),
		"the path of its own name, which another took": {
			map[string]string{apps: `{"alone": {"path": "/taken"}, "taken": {"path": "/taken"}}`},
			apps + ".taken.path", `"/taken"`, "alone has /taken", "'" + apps + ".taken.path' /taken-2",
		},
		"a list":           app("flights", `["mysql"]`, `["mysql"]`, "object of needs, path"),
		"an unknown store": needs(`["mysql", "mongo"]`, "[1]", `"mongo"`, "mysql or redis"),
		"a store twice":    needs(`["redis", "redis"]`, "[1]", `"redis"`, "not in the list"),
		"a store by itself": {
			map[string]string{"platform:apps": `{"flights": {"path": "/flights", "needs": "mysql"}}`},
			"platform:apps.flights.needs", `"mysql"`, "a list of stores", "'platform:apps.flights.needs[0]' mysql",
		},
	})
}
