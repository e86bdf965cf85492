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
	// perGiB is the number of connections that an RDS instance of MySQL accepts for each GiB of its class:
	// {DBInstanceClassMemory/12582880}. DBInstanceClassMemory excludes the memory that RDS itself uses, and is less than
	// three quarters of the class's memory (an instance with 1 GiB accepted 66).
	perGiB = 60
	// perHealthCheck is the connection of a pool for the health check.
	perHealthCheck = 1
	// perMigration is the number of connections of a migration.
	perMigration = 2 + perHealthCheck
)

// classes returns the GiB of each instance class in the settings.
func classes() map[string]int64 { return map[string]int64{"db.t4g.micro": 1, "db.t4g.small": 2} }

// During a release, old pods keep their connections until they have drained, new pods open theirs, and the migration
// runs. All services may do so at once, each with its maximum of replicas.
func TestAllConnectionsFitTheDatabase(t *testing.T) {
	t.Parallel()

	for _, environment := range environments(t, services(t)[0]) {
		var needed int64

		for _, service := range services(t) {
			needed += connections(t, service, environment)
		}

		var stack struct {
			Config struct {
				Database struct {
					Class string `json:"instanceClass"`
				} `json:"platform:database"`
			} `json:"config"`
		}

		read(t, filepath.Join(apps, "..", "Pulumi."+environment+".yaml"), &stack)

		class := stack.Config.Database.Class
		require.Contains(t, classes(), class, "instance class of %s", environment)

		t.Logf("%s: %s has %d connections, pods need %d", environment, class, classes()[class]*perGiB, needed)
		assert.Positive(t, needed, environment)
		assert.LessOrEqual(t, needed, classes()[class]*perGiB,
			"%s in %s: lower store.maxConnections or autoscaling.max, or choose a larger class", class, environment)
	}
}

// connections returns the maximum number of connections of a service to MySQL.
func connections(t *testing.T, service, environment string) int64 {
	t.Helper()

	all := render(t, load(t, service), valuesIn(t, service, environment))

	if at(t, valuesIn(t, service, environment), "platform")["mysql"] == nil {
		return 0
	}

	for _, variable := range variables(pods(t, all)[service].Spec.Containers[0]) {
		if value, ok := strings.CutPrefix(variable, "MYSQL_MAX_CONNECTIONS="); ok {
			each, err := strconv.ParseInt(value, 10, 64)
			require.NoError(t, err)

			most := one[autoscalingv2.HorizontalPodAutoscaler](t, all, "HorizontalPodAutoscaler").Spec.MaxReplicas

			return 2*int64(most)*(each+perHealthCheck) + perMigration
		}
	}

	require.Fail(t, "MYSQL_MAX_CONNECTIONS is not set", service)

	return 0
}
