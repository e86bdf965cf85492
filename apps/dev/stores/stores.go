// Package stores opens the stores of the services: those that the environment names, and embedded ones for the rest.
// Embedded stores live in this process, and lose their data when it ends.
package stores

import (
	"fmt"
	"net/netip"
	"slices"
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
}

// Embedded reports whether the store is in this process, and thus holds nobody's data.
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

// Open opens both stores. If MYSQL_HOST or REDIS_HOST is set, that store is real, and the services get all its
// variables.
func Open(environ []string) (Stores, error) {
	opened := make(Stores)

	for name, start := range map[string]func() (Store, error){"mysql": mysql, "redis": redis} {
		store := Store{Variables: ofRealStore(name, environ)}

		if len(store.Variables) == 0 {
			var err error
			if store, err = start(); err != nil {
				return nil, err
			}
		}

		opened[name] = store
	}

	return opened, nil
}

// mysql starts an embedded MySQL. Only this machine reaches it, so its password is no secret.
func mysql() (Store, error) {
	const admin, password = "root", "local"

	address, _, err := embedded.Start(embedded.Config{Admin: admin, Password: password})
	if err != nil {
		return Store{}, err
	}

	return at(address, "MYSQL_PASSWORD="+password, "MYSQL_ADMIN_USER="+admin, "MYSQL_ADMIN_PASSWORD="+password,
		"MYSQL_TLS=off"), nil
}

// redis starts an embedded Redis.
func redis() (Store, error) {
	running, err := miniredis.Run()
	if err != nil {
		return Store{}, fmt.Errorf("starting the embedded Redis: %w", err)
	}

	return at(running.Addr(), "REDIS_TLS=off"), nil
}

func at(address string, variables ...string) Store {
	endpoint := netip.MustParseAddrPort(address)

	return Store{Host: endpoint.Addr().String(), Port: int(endpoint.Port()), Variables: variables}
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
	variables := slices.DeleteFunc(slices.Clone(environ), func(variable string) bool {
		return strings.HasSuffix(variable, "=") || !belongs(variable, store)
	})

	for _, variable := range variables {
		if name, _, _ := strings.Cut(variable, "="); strings.TrimSuffix(name, "_FILE") == strings.ToUpper(store)+"_HOST" {
			return variables
		}
	}

	return nil
}

// belongs reports whether a variable belongs to a store.
func belongs(variable, store string) bool {
	return strings.HasPrefix(variable, strings.ToUpper(store)+"_") ||
		store == "mysql" && strings.HasPrefix(variable, adminSecret)
}
