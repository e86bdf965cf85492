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

// Any content of a variable, or of its file, is within the bounds or gets an error.
func FuzzVariable(f *testing.F) {
	for _, text := range []string{"", "iam", "8", "-1", "1.5s", "9999999999999999999h", " \n", "\x00", "٣", "a=b"} {
		f.Add(text, false)
		f.Add(text, true)
	}

	path := filepath.Join(f.TempDir(), "value")

	f.Fuzz(func(t *testing.T, text string, isFile bool) {
		variable := "NAME=" + text

		if isFile {
			require.NoError(t, os.WriteFile(path, []byte(text), 0o600))

			variable = "NAME_FILE=" + path
		}

		for kind, read := range map[string]func(*config.Reader) bool{
			"text":   func(r *config.Reader) bool { return r.Text("NAME", "a host") != "" },
			"secret": func(r *config.Reader) bool { return r.Secret("NAME", "a password") != config.Secret{} },
			"word": func(r *config.Reader) bool {
				word := r.OneOf("NAME", "password", "iam")

				return word == "password" || word == "iam"
			},
			"number": func(r *config.Reader) bool {
				number := r.Number("NAME", 1, 1, 9)

				return number >= 1 && number <= 9
			},
			"duration": func(r *config.Reader) bool {
				duration := r.Duration("NAME", time.Second, time.Millisecond, time.Minute)

				return duration >= time.Millisecond && duration <= time.Minute
			},
		} {
			r := config.NewReader([]string{variable})
			within := read(r)

			if r.Err() == nil {
				assert.True(t, within, "%s: %q", kind, text)
			} else {
				lines := strings.Split(r.Err().Error(), "\n")
				require.Len(t, lines, 2, "one line for each variable: %v", r.Err())
				assert.True(t, strings.HasPrefix(lines[1], "NAME"), r.Err())
			}
		}
	})
}
