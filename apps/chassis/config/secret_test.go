package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/chassis/config"
)

func TestASecretNeverShowsItself(t *testing.T) {
	t.Parallel()

	held := struct {
		Password config.Secret `json:"password"`
	}{config.NewSecret("hunter2")}

	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text := fmt.Sprintf(verb, held)
		assert.NotContains(t, text, "hunter2", verb)
		assert.NotContains(t, text, fmt.Sprintf("%x", "hunter2"), verb)
	}

	text, err := json.Marshal(held)
	require.NoError(t, err)
	assert.JSONEq(t, `{"password": "[secret]"}`, string(text))

	var logged bytes.Buffer
	slog.New(slog.NewJSONHandler(&logged, nil)).Info("x", "config", held, "password", held.Password)
	assert.NotContains(t, logged.String(), "hunter2")
}

func TestASecretInAFileIsReadEachTime(t *testing.T) {
	t.Parallel()

	path := file(t, "first\n")
	r := config.NewReader([]string{"PASSWORD_FILE=" + path})
	secret := r.Secret("PASSWORD", "a password")
	require.NoError(t, r.Err())

	value, err := secret.Read()
	require.NoError(t, err)
	assert.Equal(t, "first", value)

	require.NoError(t, os.WriteFile(path, []byte(" second "), 0o600))

	value, err = secret.Read()
	require.NoError(t, err)
	assert.Equal(t, " second ", value, "blanks may be part of a password")

	require.NoError(t, os.Remove(path))

	_, err = secret.Read()
	assert.ErrorContains(t, err, path)
}

func TestTheErrorOfAnInvalidSecretDoesNotShowIt(t *testing.T) {
	t.Parallel()

	empty := file(t, "\n")
	r := config.NewReader([]string{"A=hunter2", "A_FILE=" + file(t, "hunter3"), "B_FILE=" + empty})

	r.Secret("A", "a password")
	r.Secret("B", "a password")
	r.Secret("C", "a password")

	assert.EqualError(t, r.Err(), `reading the configuration:
A: A_FILE is set too; expected one of the two
B_FILE: reading a secret: `+empty+`: the file is empty
C: not set, expected a password (or its file in C_FILE)`)
}
