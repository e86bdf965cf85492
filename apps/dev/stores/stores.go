// Package stores are what services keep their data in on a laptop: those that the environment names, and for the rest
// embedded ones, which live inside this process and forget everything as it ends.
package stores

import (
	"errors"
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

// named are the variables of a store, if they say where it is.
func named(store string, environ []string) []string {
	var (
		prefix    = strings.ToUpper(store) + "_"
		variables []string
		is        bool
	)

	for _, variable := range environ {
		if strings.HasPrefix(variable, prefix) {
			variables = append(variables, variable)
			is = is || strings.HasPrefix(variable, prefix+"HOST")
		}
	}

	if !is {
		return nil
	}

	return variables
}
