package charttest_test

import (
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
)

const (
	// perGiB is how many connections an RDS instance of MySQL has for each GiB of its class: {DBInstanceClassMemory/
	// 12582880}, of what RDS itself leaves of the memory, which is less than three quarters of it (66 connections were
	// seen on 1 GiB).
	perGiB = 60
	// asking is the connection that a pool has besides those for requests, for the health check.
	asking = 1
	// migrating are those that a migration may have.
	migrating = 2 + asking
)

// classes are the GiB of the classes that the settings name.
func classes() map[string]int64 { return map[string]int64{"db.t4g.micro": 1, "db.t4g.small": 2} }

// Old pods keep their connections until they have drained, as new ones start, and before them the migration runs: so
// of all services, each at its most replicas.
func TestAllConnectionsFitTheDatabase(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		var wanted int64

		for _, service := range services(t) {
			wanted += connections(t, service, environment)
		}

		var tuned struct {
			Config struct {
				Database struct {
					Class string `json:"instanceClass"`
				} `json:"platform:database"`
			} `json:"config"`
		}

		read(t, filepath.Join(apps, "..", "Pulumi."+environment+".yaml"), &tuned)

		class := tuned.Config.Database.Class
		require.Contains(t, classes(), class, "instance class of %s", environment)

		t.Logf("%s: %s has %d connections, pods want %d", environment, class, classes()[class]*perGiB, wanted)
		assert.Positive(t, wanted, environment)
		assert.LessOrEqual(t, wanted, classes()[class]*perGiB,
			"%s in %s: lower store.maxConnections or autoscaling.max, or take a larger class", class, environment)
	}
}

// connections are the most that a service holds to MySQL.
func connections(t *testing.T, service, environment string) int64 {
	t.Helper()

	all := render(t, load(t, service), told(t, service, environment))

	if at(t, told(t, service, environment), "platform")["mysql"] == nil {
		return 0
	}

	for _, variable := range variables(pods(t, all)[service].Spec.Containers[0]) {
		if value, is := strings.CutPrefix(variable, "MYSQL_MAX_CONNECTIONS="); is {
			each, err := strconv.ParseInt(value, 10, 64)
			require.NoError(t, err)

			most := one[autoscalingv2.HorizontalPodAutoscaler](t, all, "HorizontalPodAutoscaler").Spec.MaxReplicas

			return 2*int64(most)*(each+asking) + migrating
		}
	}

	require.Fail(t, "MYSQL_MAX_CONNECTIONS is not set", service)

	return 0
}
