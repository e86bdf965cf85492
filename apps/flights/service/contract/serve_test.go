package contract_test

import (
	"encoding/pem"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/msur/platform/apps/chassis/config"
	"github.com/msur/platform/apps/chassis/contracttest"
	"github.com/msur/platform/apps/chassis/mysql"
	mysqlembedded "github.com/msur/platform/apps/chassis/mysql/embedded"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/migrations"
)

func TestServeNeverMigrates(t *testing.T) {
	t.Parallel()

	database := emptyDatabase(t)
	s := start(t, database.Environ())

	assertUnavailable(t, s.get(t, anyFlight))
	assertUnavailable(t, s.get(t, "/flights/AA2532/seat_map"))
	assert.Equal(t, http.StatusServiceUnavailable, s.get(t, "/health").Status)

	var tables int

	admin := database.Open(t, "flights")
	require.NoError(t, admin.QueryRowContext(t.Context(),
		"SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ?", database.Database).Scan(&tables))
	assert.Zero(t, tables)

	migrate(t, database)
	assert.Equal(t, http.StatusOK, s.get(t, anyFlight).Status)
}

func TestServeWithoutTLSLogsAWarning(t *testing.T) {
	t.Parallel()

	database := emptyDatabase(t)
	s := start(t, database.Environ())

	assert.Regexp(t, `"level":"WARN","msg":"MYSQL_TLS=off: .* `+database.Address, s.Log.String())
}

// After a rollback, the database has what the later release added.
func TestAnOlderImageWorksOnANewerDatabase(t *testing.T) {
	t.Parallel()

	database := mariaDB(t)
	admin := database.Open(t, mysqltest.Admin)

	for _, later := range []string{
		"ALTER TABLE flights ADD COLUMN gate VARCHAR(10) NULL", "CREATE TABLE gates (gate VARCHAR(10) PRIMARY KEY)",
		"INSERT INTO flights_migrations (version_id, is_applied) VALUES (2, 1)",
	} {
		_, err := admin.ExecContext(t.Context(), later)
		require.NoError(t, err)
	}

	schema := func() []string {
		var all []string

		rows, err := admin.QueryContext(t.Context(), `SELECT CONCAT(table_name, '.', column_name)
FROM information_schema.columns WHERE table_schema = ?
UNION ALL SELECT CONCAT('version ', version_id) FROM flights_migrations`, database.Database)
		require.NoError(t, err)

		defer rows.Close()

		for rows.Next() {
			var one string
			require.NoError(t, rows.Scan(&one))

			all = append(all, one)
		}

		require.NoError(t, rows.Err())

		return all
	}

	ahead := schema()
	require.Contains(t, ahead, "version 2")
	run(t, "migrate", database.Environ())
	assert.ElementsMatch(t, ahead, schema())

	suite(t, start(t, database.Environ()))
}

// The service runs in a process of its own, because it reads its keys and roots from the environment.
func TestATokenThatTheDatabaseRefusesGets503(t *testing.T) {
	t.Parallel()

	site := httptest.NewTLSServer(nil)
	t.Cleanup(site.Close)

	file := filepath.Join(t.TempDir(), "roots.pem")
	root := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: site.Certificate().Raw})
	require.NoError(t, os.WriteFile(file, root, 0o600))

	var refuse atomic.Bool

	database := emptyDatabase(t, func(cfg *mysqlembedded.Config) {
		cfg.TLS = &site.TLS.Certificates[0]
		cfg.AcceptToken = func(_, token string) bool {
			return strings.Contains(token, "Action=connect&DBUser=flights") && !refuse.Load()
		}
	})
	environ := database.Environ("MYSQL_AUTH=iam", "MYSQL_PASSWORD=", "MYSQL_TLS=on",
		"AWS_REGION=us-east-1", "AWS_ACCESS_KEY_ID=AKIA1", "AWS_SECRET_ACCESS_KEY=key", "SSL_CERT_FILE="+file)
	migrateWithToken(t, append(slices.Clone(environ), "MYSQL_CA="+string(root)))

	url := contracttest.Process(t, environ)

	ask := func() contracttest.Answer {
		a, err := contracttest.Try(http.DefaultClient, url, request(t, http.MethodGet, anyFlight))
		require.NoError(t, err)

		return a
	}

	refuse.Store(true)
	assertUnavailable(t, ask())

	refuse.Store(false)
	assert.Equal(t, http.StatusOK, ask().Status)
	refuse.Store(true)
	assert.Equal(t, http.StatusOK, ask().Status, "an open connection still works")
}

// migrateWithToken creates the tables, as the service's user.
func migrateWithToken(t *testing.T, environ []string) {
	t.Helper()

	r := config.NewReader(environ)
	cfg := mysql.ReadConfig(r, migrations.Database)
	require.NoError(t, r.Err())

	token := cfg.Tokens(credentials.NewStaticCredentialsProvider("AKIA1", "key", ""))
	connector, err := mysql.Connector(cfg, token, slog.New(slog.DiscardHandler))
	require.NoError(t, err)

	admin := mysql.Pool(connector, 1)
	defer admin.Close()

	require.NoError(t, migrations.Migration().Apply(t.Context(), admin, slog.New(slog.DiscardHandler)))
}
