package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
)

func file(t *testing.T, text string) string {
	t.Helper()

	path := filepath.Join(t.TempDir(), "value")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))

	return path
}

func TestVariablesAreParsed(t *testing.T) {
	t.Parallel()

	r := config.NewReader([]string{"HOST=db", "PORT=33", "AUTH=iam", "WAIT=1.5s", "ODD=a=b"})

	assert.Equal(t, "db", r.Text("HOST", "a host"))
	assert.Equal(t, "a=b", r.TextOr("ODD", ""))
	assert.Equal(t, 33, r.Port("PORT", 1))
	assert.Equal(t, "iam", r.OneOf("AUTH", "password", "iam"))
	assert.Equal(t, 1500*time.Millisecond, r.Duration("WAIT", time.Second, 0, time.Minute))
	assert.NoError(t, r.Err())
}

func TestAVariableThatIsNotSetHasItsDefault(t *testing.T) {
	t.Parallel()

	r := config.NewReader([]string{"AUTH="})

	assert.Equal(t, "db", r.TextOr("HOST", "db"))
	assert.Equal(t, 33, r.Port("PORT", 33))
	assert.Equal(t, "password", r.OneOf("AUTH", "password", "iam"))
	assert.Equal(t, time.Second, r.Duration("WAIT", time.Second, 0, time.Minute))
	assert.Equal(t, config.Secret{}, r.OptionalSecret("PASSWORD"))
	assert.NoError(t, r.Err())
}

func TestEachVariableCanBeAFile(t *testing.T) {
	t.Parallel()

	r := config.NewReader([]string{"HOST_FILE=" + file(t, "db\n"), "PORT_FILE=" + file(t, " 33\n")})

	assert.Equal(t, "db", r.Text("HOST", "a host"))
	assert.Equal(t, 33, r.Port("PORT", 1))
	assert.NoError(t, r.Err())
}

func TestAllInvalidVariablesAreReportedAtOnce(t *testing.T) {
	t.Parallel()

	r := config.NewReader([]string{
		"PORT=70000", "AUTH=none", "WAIT=2h", "NOW=0s", "BOTH=a", "BOTH_FILE=" + file(t, "b"), "SIZE=many",
		"AWAY_FILE=/none",
	})

	r.Text("HOST", "the host of the store")
	r.Port("PORT", 1)
	r.OneOf("AUTH", "password", "iam")
	r.Duration("WAIT", time.Second, 0, time.Minute)
	r.Duration("NOW", time.Second, time.Millisecond, time.Minute)
	r.TextOr("BOTH", "")
	r.Number("SIZE", 1, 1, 9)
	r.TextOr("AWAY", "")

	assert.EqualError(t, r.Err(), `reading the configuration:
HOST: not set, expected the host of the store (or its file in HOST_FILE)
PORT: got "70000", expected a number from 0 to 65535
AUTH: got "none", expected one of password, iam
WAIT: got "2h", expected a duration from 0s to 1m0s, such as 1.5s
NOW: got "0s", expected a duration from 1ms to 1m0s, such as 1.5s
BOTH: BOTH_FILE is set too; expected one of the two
SIZE: got "many", expected a number from 1 to 9
AWAY_FILE: open /none: no such file or directory`)
}

func TestAnEmptyFileIsInvalid(t *testing.T) {
	t.Parallel()

	empty := file(t, " \n")
	r := config.NewReader([]string{
		"A_FILE=" + empty, "B_FILE=" + empty, "C_FILE=" + empty, "D_FILE=" + empty, "E_FILE=" + empty,
	})

	r.Text("A", "a host")
	r.TextOr("B", "db")
	r.Number("C", 1, 1, 9)
	r.OneOf("D", "password", "iam")
	r.Duration("E", time.Second, 0, time.Minute)

	want := []string{"reading the configuration:"}
	for _, name := range []string{"A", "B", "C", "D", "E"} {
		want = append(want, name+"_FILE: "+empty+": the file is empty")
	}

	assert.EqualError(t, r.Err(), strings.Join(want, "\n"), "each is reported once")
}
