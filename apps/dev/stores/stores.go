// Package stores opens the stores of the services: those that the environment names, and embedded ones for the rest,
// which live in this process and lose their data when it ends.
package stores

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/alicebob/miniredis/v2"
	"github.com/msur/platform/apps/chassis/mysql/embedded"
)

// Store is the store of a service.
type Store struct {
	// Host and Port are those of an embedded store. The variables name a real one.
	Host string
	Port int
	// Variables are those of a service, each NAME=value. They override those of its chart.
	Variables []string

	close func() error
}

// Embedded reports whether the store is in this process: nobody's data is in it.
func (s Store) Embedded() bool { return s.Host != "" }

// Administered reports whether the variables name an admin, who can change tables and users.
func (s Store) Administered() bool {
	return slices.ContainsFunc(s.Variables, func(variable string) bool {
		return strings.HasPrefix(variable, "MYSQL_ADMIN_") || strings.HasPrefix(variable, adminSecret)
	})
}

// adminSecret is the one variable of MySQL whose name does not begin with MYSQL_.
const adminSecret = "ADMIN_SECRET_ARN"

// Stores are stores by name: mysql, redis.
type Stores map[string]Store

// Open opens the stores that services need. If MYSQL_HOST or REDIS_HOST is set, that store is real, and the services
// get all its variables. An embedded MySQL has the databases.
func Open(needs, databases, environ []string) (Stores, error) {
	opened := make(Stores)

	for _, name := range needs {
		store := Store{Variables: ofRealStore(name, environ), close: func() error { return nil }}

		var err error

		if len(store.Variables) == 0 && name == "mysql" {
			store, err = mysql(databases)
		} else if len(store.Variables) == 0 {
			store, err = redis()
		}

		if err != nil {
			return nil, errors.Join(err, opened.Close())
		}

		opened[name] = store
	}

	return opened, nil
}

// Close stops the embedded stores.
func (s Stores) Close() error {
	var all error
	for _, store := range s {
		all = errors.Join(all, store.close())
	}

	return all
}

// mysql starts an embedded MySQL. Only this machine reaches it, so its password is no secret.
func mysql(databases []string) (Store, error) {
	const admin, password = "root", "local"

	address, stop, err := embedded.Start(embedded.Config{Admin: admin, Password: password, Databases: databases})
	if err != nil {
		return Store{}, err
	}

	host, port, _ := net.SplitHostPort(address)
	number, _ := strconv.Atoi(port)

	return Store{
		Host: host, Port: number, close: stop,
		Variables: []string{
			"MYSQL_PASSWORD=" + password, "MYSQL_ADMIN_USER=" + admin, "MYSQL_ADMIN_PASSWORD=" + password, "MYSQL_TLS=off",
		},
	}, nil
}

// redis starts an embedded Redis.
func redis() (Store, error) {
	running, err := miniredis.Run()
	if err != nil {
		return Store{}, fmt.Errorf("starting the embedded Redis: %w", err)
	}

	stop := func() error {
		running.Close()

		return nil
	}

	return Store{
		Host: running.Host(), Port: running.Server().Addr().Port, Variables: []string{"REDIS_TLS=off"}, close: stop,
	}, nil
}

// Others returns the variables that do not belong to a store. A service gets only the variables of the stores that it
// needs, and only those of a real store: a password without a host would not fit an embedded store.
func Others(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		return belongs(variable, "mysql") || belongs(variable, "redis")
	})
}

// ofRealStore returns the variables of a store if they name its host. An empty variable counts as not set, as in the
// services.
func ofRealStore(store string, environ []string) []string {
	host := strings.ToUpper(store) + "_HOST"
	variables, isReal := []string(nil), false

	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); value != "" && belongs(variable, store) {
			variables = append(variables, variable)
			isReal = isReal || name == host || name == host+"_FILE"
		}
	}

	if !isReal {
		return nil
	}

	return variables
}

// belongs reports whether a variable belongs to a store.
func belongs(variable, store string) bool {
	return strings.HasPrefix(variable, strings.ToUpper(store)+"_") ||
		store == "mysql" && strings.HasPrefix(variable, adminSecret)
}
