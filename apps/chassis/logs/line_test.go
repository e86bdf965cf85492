package logs_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/logs"
)

// same fails unless the log writes a record as slog.JSONHandler does. Both handlers are derived with the same function.
func same(t *testing.T, r slog.Record, derive func(slog.Handler) slog.Handler) {
	t.Helper()

	var got, expected bytes.Buffer
	require.NoError(t, derive(logs.New(&got).Handler()).Handle(context.Background(), r))
	require.NoError(t, derive(slog.NewJSONHandler(&expected, nil)).Handle(context.Background(), r))
	assert.Equal(t, expected.String(), got.String())
}

func record(attrs ...slog.Attr) slog.Record {
	r := slog.NewRecord(time.Date(2026, 12, 1, 2, 3, 4, 5_060, time.UTC), slog.LevelInfo, "request", 0)
	r.AddAttrs(attrs...)

	return r
}

func TestALineIsThatOfJSONHandler(t *testing.T) {
	t.Parallel()

	for name, attrs := range map[string][]slog.Attr{
		"nothing":       nil,
		"plain values":  {slog.String("a", "b <&>\x7f"), slog.Int("n", -1), slog.Float64("f", 0.000123), slog.String("", "")},
		"a quote":       {slog.String("a", `"`)},
		"a backslash":   {slog.String("a", `\`)},
		"a tab":         {slog.String("a", "\t")},
		"no ASCII":      {slog.String("a", "é\u2028")},
		"no UTF-8":      {slog.String("a", "\xc3")},
		"an odd key":    {slog.String("\n", "")},
		"a small one":   {slog.Float64("f", 1e-7)},
		"a large one":   {slog.Float64("f", 1e21)},
		"zero":          {slog.Float64("f", 0)},
		"no number":     {slog.Float64("f", math.NaN())},
		"infinity":      {slog.Float64("f", math.Inf(-1))},
		"other kinds":   {slog.Bool("b", true), slog.Duration("d", time.Second), slog.Any("e", errors.New("e"))},
		"an empty one":  {{}, slog.Int("n", 1)},
		"a group":       {slog.Group("g", slog.Int("n", 1)), slog.Int("m", 2)},
		"inlined":       {slog.GroupAttrs("", slog.Int("n", 1), slog.String("s", "é")), slog.Int("m", 2)},
		"inlined plain": {slog.GroupAttrs("", slog.Int("n", 1), slog.GroupAttrs("", slog.Int("o", 2)), slog.String("s", ""))},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			same(t, record(attrs...), func(h slog.Handler) slog.Handler { return h })
			same(t, record(slog.Int("n", 1)), func(h slog.Handler) slog.Handler {
				return h.WithAttrs(attrs).WithAttrs([]slog.Attr{slog.String("last", "one")})
			})
			same(t, record(attrs...), func(h slog.Handler) slog.Handler {
				return h.WithGroup("g").WithAttrs([]slog.Attr{slog.Int("n", 1)})
			})
		})
	}
}

func TestTimesLevelsAndMessagesAreThoseOfJSONHandler(t *testing.T) {
	t.Parallel()

	usual := func(h slog.Handler) slog.Handler { return h }

	for _, at := range []time.Time{
		{},
		time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Now(),
		time.Date(2026, 12, 1, 0, 0, 0, 0, time.FixedZone("", 3600)),
	} {
		same(t, slog.NewRecord(at, slog.LevelWarn+1, "a \"message\"", 0), usual)
		same(t, slog.NewRecord(at, slog.LevelError, "a message", 0), usual)
	}
}

func TestDerivedLogsAreIndependent(t *testing.T) {
	t.Parallel()

	var text bytes.Buffer

	parent := logs.New(&text).With("a", "a long enough value to leave spare capacity")
	one, other := parent.With("b", "one"), parent.With("b", "other")

	one.Info("hello")
	assert.Contains(t, text.String(), `"b":"one"`)

	text.Reset()
	other.Info("hello")
	assert.Contains(t, text.String(), `"b":"other"`)
}

func TestManyCallersWriteWholeLines(t *testing.T) {
	t.Parallel()

	var (
		text    bytes.Buffer
		callers sync.WaitGroup
		log     = logs.New(&text)
	)

	for n := range 8 {
		callers.Go(func() {
			for range 50 {
				log.Info("plain", "n", n)
				log.Info("odd", "n", n, "s", "é\n")
			}
		})
	}

	callers.Wait()

	lines := strings.Count(text.String(), "\n")
	for line := range strings.Lines(text.String()) {
		assert.True(t, json.Valid([]byte(line)), line)
	}

	assert.Equal(t, 8*50*2, lines)
}

func FuzzALineIsThatOfJSONHandler(f *testing.F) {
	f.Add("path", "/reservations", int64(200), 0.000_123)
	f.Add("\u2028", "\"\\\xff\x7f<>&", int64(-1), 1e-6)
	f.Add("", "", int64(math.MinInt64), 1e21)

	f.Fuzz(func(t *testing.T, key, value string, number int64, float float64) {
		attrs := []slog.Attr{slog.String(key, value), slog.Int64(value, number), slog.Float64(key, float)}

		same(t, record(attrs...), func(h slog.Handler) slog.Handler { return h })
		same(t, record(), func(h slog.Handler) slog.Handler { return h.WithAttrs(attrs) })
	})
}
