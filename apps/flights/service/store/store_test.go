package store_test

import (
	"log/slog"
	"testing"

	"github.com/msur/platform/apps/chassis/mysql"
	"github.com/msur/platform/apps/chassis/mysql/mysqltest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/flights"
	"github.com/msur/platform/apps/flights/service/migrations"
	"github.com/msur/platform/apps/flights/service/store"
)

func TestFlightsOfYearZeroAndOneAreFound(t *testing.T) {
	t.Parallel()

	db := mysqltest.Real(t, "flights", migrations.Database).Open(t, mysqltest.Admin)
	require.NoError(t, migrations.Migration().Apply(t.Context(), db, slog.New(slog.DiscardHandler)))
	mysqltest.Execute(t, db, "INSERT INTO seat_maps VALUES ('AA1', '{}', 'LAX', 'DCA')",
		"INSERT INTO flights VALUES ('of year 1', 'AA1', '0001-01-01 00:00')",
		"INSERT INTO flights VALUES ('of year 0', 'AA1', '0000-01-01 00:00')")

	s := store.New(mysql.NewStore(db, 1, t.FailNow))

	for text, want := range map[string]string{"0001-01-01T00:00": "of year 1", "0000-01-01T00:00": "of year 0"} {
		at, err := flights.ParseTime(text)
		require.NoError(t, err)

		found, err := s.Departures(t.Context(), "AA1", &at)
		require.NoError(t, err)
		assert.Equal(t, []flights.Flight{{ID: want, Origin: "LAX", Destination: "DCA"}}, found)
	}
}
