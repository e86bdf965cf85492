package flights_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/flights/service/flights"
)

func TestATimeIsNotConverted(t *testing.T) {
	t.Parallel()

	at, err := flights.ParseTime("2020-05-17T13:20")

	require.NoError(t, err)
	assert.Equal(t, time.Date(2020, time.May, 17, 13, 20, 0, 0, time.UTC), at)
}

func TestATimeThatDoesNotExistIsInvalid(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		"2020-02-30T13:20", "2021-02-29T13:20", "2020-13-01T13:20", "2020-05-17T24:00", "2020-05-17T13:60",
		"2020-05-17T13:20Z", "2020-05-17 13:20", "2020-05-17T9:05", "2020-05-17", "",
	} {
		_, err := flights.ParseTime(text)
		assert.ErrorContains(t, err, "YYYY-MM-DDThh:mm", text)
	}
}
