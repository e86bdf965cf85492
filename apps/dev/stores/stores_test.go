package stores_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/dev/stores"
)

func TestAStoreWithoutAHostIsEmbedded(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		environ                []string
		embedded, administered bool
	}{
		"nothing":            {embedded: true, administered: true},
		"a password alone":   {environ: []string{"MYSQL_PASSWORD=x"}, embedded: true, administered: true},
		"an empty host":      {environ: []string{"MYSQL_HOST="}, embedded: true, administered: true},
		"another's variable": {environ: []string{"MYSQL_HOSTNAME=x"}, embedded: true, administered: true},
		"another store":      {environ: []string{"REDIS_HOST=x"}, embedded: true, administered: true},
		"a host":             {environ: []string{"MYSQL_HOST=x"}},
		"a host in a file":   {environ: []string{"MYSQL_HOST_FILE=/x"}},
		"an empty admin":     {environ: []string{"MYSQL_HOST=x", "MYSQL_ADMIN_USER="}},
		"an admin":           {environ: []string{"MYSQL_HOST=x", "MYSQL_ADMIN_USER=x"}, administered: true},
		"an admin in a file": {environ: []string{"MYSQL_HOST=x", "MYSQL_ADMIN_USER_FILE=/x"}, administered: true},
		"an admin's secret":  {environ: []string{"MYSQL_HOST=x", "ADMIN_SECRET_ARN=x"}, administered: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			opened, err := stores.Open(test.environ)
			require.NoError(t, err)
			assert.Equal(t, test.embedded, opened["mysql"].Embedded())
			assert.Equal(t, test.administered, opened["mysql"].Administered())
		})
	}
}

func TestAServiceGetsTheVariablesOfItsOwnStore(t *testing.T) {
	t.Parallel()

	environ := []string{"HOME=/", "MYSQL_HOST=x", "MYSQL_PASSWORD=y", "ADMIN_SECRET_ARN=z", "REDIS_HOST=x", "REDIS_PWD=y"}
	opened, err := stores.Open(environ)
	require.NoError(t, err)

	assert.Equal(t, []string{"HOME=/"}, stores.Others(environ))
	assert.Equal(t, []string{"MYSQL_HOST=x", "MYSQL_PASSWORD=y", "ADMIN_SECRET_ARN=z"}, opened["mysql"].Variables)
	assert.Equal(t, []string{"REDIS_HOST=x", "REDIS_PWD=y"}, opened["redis"].Variables)
}
