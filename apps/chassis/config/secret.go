package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// hidden stands for a secret wherever one is printed.
const hidden = "[secret]"

// Secret is a value such as a password. It never shows itself when it is printed, logged or encoded. The zero Secret is
// empty.
type Secret struct {
	value string
	file  string
}

// NewSecret returns a secret with a value.
func NewSecret(value string) Secret { return Secret{value: value} }

// Read returns the value. It reads the file of a secret each time, so that a caller who reads it for each connection
// uses the new password after a rotation.
func (s Secret) Read() (string, error) {
	if s.file == "" {
		return s.value, nil
	}

	content, err := os.ReadFile(filepath.Clean(s.file))
	if err != nil {
		return "", fmt.Errorf("reading a secret: %w", err)
	}

	value := strings.TrimRight(string(content), "\r\n")
	if value == "" {
		return "", fmt.Errorf("reading a secret: %s: %w", s.file, errEmpty)
	}

	return value, nil
}

var errEmpty = errors.New("the file is empty")

// Format hides the value, whatever the verb.
func (s Secret) Format(state fmt.State, _ rune) { fmt.Fprint(state, hidden) }

// MarshalText hides the value, in JSON and logs too.
func (s Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Secret reads a required secret. The error of a missing one says that meaning was expected.
func (r *Reader) Secret(name, meaning string) Secret {
	secret := r.OptionalSecret(name)
	if secret == (Secret{}) {
		r.missing(name, meaning)
	}

	return secret
}

// OptionalSecret reads an optional secret. Without it, the result is empty.
func (r *Reader) OptionalSecret(name string) Secret {
	file, ok := r.file(name)
	if !ok {
		return NewSecret(r.variables[name])
	}

	secret := Secret{file: file}
	if _, err := secret.Read(); err != nil {
		r.Reject(fmt.Errorf("%s_FILE: %w", name, err))
	}

	return secret
}
