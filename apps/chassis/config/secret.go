package config

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// hidden is what is shown of a secret.
const hidden = "[secret]"

// Secret is a password or the like. Printed, logged or written as JSON it never shows itself; the zero Secret is empty.
type Secret struct {
	value string
	file  string
}

// NewSecret makes a secret of its value.
func NewSecret(value string) Secret { return Secret{value: value} }

// Read returns the secret. One that is a file is read anew each time: whoever calls Read for each connection goes on
// working after the password has changed.
func (s Secret) Read() (string, error) {
	if s.file == "" {
		return s.value, nil
	}

	text, err := os.ReadFile(filepath.Clean(s.file))
	if err != nil {
		return "", fmt.Errorf("reading a secret: %w", err)
	}

	value := strings.TrimRight(string(text), "\r\n")
	if value == "" {
		return "", fmt.Errorf("reading a secret: %s: %w", s.file, errEmpty)
	}

	return value, nil
}

var errEmpty = errors.New("the file is empty")

// Format shows that there is a secret, whichever verb asks.
func (s Secret) Format(state fmt.State, _ rune) { fmt.Fprint(state, hidden) }

// String shows that there is a secret.
func (s Secret) String() string { return hidden }

// LogValue shows that there is a secret.
func (s Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText shows that there is a secret, as JSON too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Secret reads a variable that must be there and that nobody may see; want says what it holds.
func (r *Reader) Secret(name, want string) Secret {
	secret := r.OptionalSecret(name)
	if secret == (Secret{}) {
		r.missing(name, want)
	}

	return secret
}

// OptionalSecret reads a variable that nobody may see; without it the secret is empty.
func (r *Reader) OptionalSecret(name string) Secret {
	file, is := r.file(name)
	if !is {
		return NewSecret(r.variables[name])
	}

	secret := Secret{file: file}
	if _, err := secret.Read(); err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s_FILE: %w", name, err))
	}

	return secret
}
