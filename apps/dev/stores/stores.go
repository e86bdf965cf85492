// Package stores are what services keep their data in on a laptop: those that the environment names, and for the rest
// embedded ones, which live inside this process and forget everything as it ends.
package stores

import (
	"errors"
	"slices"
	"strings"
)

// Store is where a service finds its store.
type Store struct {
	// Host and Port are where an embedded one is. Of a real one the variables say it.
	Host string
	Port int
	// Variables are what a service is told beside what its chart says, each name=value. They come first where both
	// say something.
	Variables []string

	close func() error
}

// Embedded tells whether the store is of this process alone: nobody has anything in it to lose.
func (s Store) Embedded() bool { return s.Host != "" }

// Administered tells whether the variables say who may change tables and users.
func (s Store) Administered() bool {
	return slices.ContainsFunc(s.Variables, func(variable string) bool {
		return strings.HasPrefix(variable, "MYSQL_ADMIN_") || strings.HasPrefix(variable, adminSecret)
	})
}

// adminSecret names the secret of AWS with the admin of MySQL: the one variable of a store with a name of its own.
const adminSecret = "ADMIN_SECRET_ARN"

// Stores are those that services need, by name: mysql, redis.
type Stores map[string]Store

// Open opens what is needed. With MYSQL_HOST or REDIS_HOST in the environment that one is real, and all variables that
// begin so are told to the services. An embedded MySQL has the databases given.
func Open(needs, databases, environ []string) (Stores, error) {
	opened := make(Stores)

	for _, name := range needs {
		if variables := named(name, environ); len(variables) > 0 {
			opened[name] = Store{Variables: variables, close: func() error { return nil }}

			continue
		}

		start := redis
		if name == "mysql" {
			start = func() (Store, error) { return mysql(databases) }
		}

		store, err := start()
		if err != nil {
			return nil, errors.Join(err, opened.Close())
		}

		opened[name] = store
	}

	return opened, nil
}

// Close stops the embedded ones.
func (s Stores) Close() error {
	var all error
	for _, store := range s {
		all = errors.Join(all, store.close())
	}

	return all
}

// Others are the variables that are not about a store. A store's are for the services that need it, and only once they
// say where it is: a password alone would be one for an embedded store.
func Others(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		return about("mysql", variable) || about("redis", variable)
	})
}

// named are the variables of a store, if they say where it is. An empty one counts as not set, as in the services.
func named(store string, environ []string) []string {
	var (
		host      = strings.ToUpper(store) + "_HOST"
		variables []string
		is        bool
	)

	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); value != "" && about(store, variable) {
			variables = append(variables, variable)
			is = is || name == host || name == host+"_FILE"
		}
	}

	if !is {
		return nil
	}

	return variables
}

// about tells whether a variable is of a store.
func about(store, variable string) bool {
	return strings.HasPrefix(variable, strings.ToUpper(store)+"_") ||
		store == "mysql" && strings.HasPrefix(variable, adminSecret)
}
