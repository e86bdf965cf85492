// Package config reads the settings of a service from its environment, and reports every invalid variable at once.
package config

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reader reads environment variables. Each variable NAME may instead be a file, whose path is in NAME_FILE: Kubernetes
// mounts secrets and settings as files. The reader collects what is wrong until Err.
type Reader struct {
	variables map[string]string
	problems  []error
}

// NewReader reads variables in the form NAME=value, as os.Environ returns them. An empty variable counts as not set.
func NewReader(environ []string) *Reader {
	r := &Reader{variables: make(map[string]string, len(environ))}

	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); value != "" {
			r.variables[name] = value
		}
	}

	return r
}

// Err returns everything that is wrong with the variables read so far, one per line.
func (r *Reader) Err() error {
	if len(r.problems) == 0 {
		return nil
	}

	return fmt.Errorf("reading the configuration:\n%w", errors.Join(r.problems...))
}

// Reject adds a problem that no single variable shows.
func (r *Reader) Reject(problem error) { r.problems = append(r.problems, problem) }

// Text reads a required variable. The error of a missing one says that meaning was expected.
func (r *Reader) Text(name, meaning string) string {
	value, ok := r.lookup(name)
	if !ok {
		r.missing(name, meaning)
	}

	return value
}

// TextOr reads an optional variable.
func (r *Reader) TextOr(name, fallback string) string {
	return optional(r, name, fallback, "", func(value string) (string, bool) { return value, true })
}

// OneOf reads an optional variable that must be one of the words. The first word is the default.
func (r *Reader) OneOf(name string, words ...string) string {
	return optional(r, name, words[0], "one of "+strings.Join(words, ", "), func(value string) (string, bool) {
		return value, slices.Contains(words, value)
	})
}

// Number reads an optional variable that must be a number from least to most.
func (r *Reader) Number(name string, fallback, least, most int) int {
	expected := fmt.Sprintf("a number from %d to %d", least, most)

	return optional(r, name, fallback, expected, func(value string) (int, bool) {
		number, err := strconv.Atoi(value)

		return number, err == nil && least <= number && number <= most
	})
}

// Port reads an optional variable that must be the number of a TCP port. With 0, the system chooses a port.
func (r *Reader) Port(name string, fallback int) int { return r.Number(name, fallback, 0, 65535) }

// Path reads an optional variable that must be the path of a URL.
func (r *Reader) Path(name, fallback string) string {
	return optional(r, name, fallback, "a path, such as "+fallback, func(value string) (string, bool) {
		return value, pathForm.MatchString(value)
	})
}

var pathForm = regexp.MustCompile(`^(/[A-Za-z0-9._-]+)+$`)

// URL reads an optional variable that must be the URL of a server. Without one it returns nil.
func (r *Reader) URL(name string) *url.URL {
	return optional(r, name, nil, "a URL, such as http://collector:4318", func(value string) (*url.URL, bool) {
		parsed, err := url.Parse(value)

		return parsed, err == nil && (parsed.Scheme == "http" || parsed.Scheme == "https") && parsed.Host != ""
	})
}

// Duration reads an optional variable that must be a duration from least to most, such as 1.5s.
func (r *Reader) Duration(name string, fallback, least, most time.Duration) time.Duration {
	expected := fmt.Sprintf("a duration from %s to %s, such as 1.5s", least, most)

	return optional(r, name, fallback, expected, func(value string) (time.Duration, bool) {
		duration, err := time.ParseDuration(value)

		return duration, err == nil && least <= duration && duration <= most
	})
}

// Header reads an optional variable with HTTP headers: names and URL-encoded values, such as "api-key=a,tenant=b%20c".
// Its error does not contain the value, which may have a key.
func (r *Reader) Header(name string) http.Header {
	value, _ := r.lookup(name)
	header := make(http.Header)

	for pair := range strings.SplitSeq(value, ",") {
		field, text, found := strings.Cut(pair, "=")
		decoded, err := url.PathUnescape(strings.TrimSpace(text))

		if field = strings.TrimSpace(field); found && err == nil && field != "" {
			header.Set(field, decoded)
		} else if value != "" {
			r.Reject(fmt.Errorf("%s: expected headers such as name=value,other=value, with URL-encoded values", name))

			break
		}
	}

	return header
}

// optional reads an optional variable. parse returns its value, and reports whether it is valid.
func optional[T any](r *Reader, name string, fallback T, expected string, parse func(string) (T, bool)) T {
	value, ok := r.lookup(name)
	if !ok {
		return fallback
	}

	parsed, valid := parse(value)
	if !valid && value != "" { // an empty value comes from an empty file, which lookup has reported
		r.Reject(fmt.Errorf("%s: got %q, expected %s", name, value, expected))
	}

	return parsed
}

// lookup returns the value of a variable or the content of its file.
func (r *Reader) lookup(name string) (string, bool) {
	value, ok := r.variables[name]

	file, isFile := r.file(name)
	if !isFile {
		return value, ok
	}

	content, err := os.ReadFile(filepath.Clean(file))
	value = strings.TrimSpace(string(content))

	if err == nil && value == "" {
		err = fmt.Errorf("%s: %w", file, errEmpty)
	}

	if err != nil {
		r.Reject(fmt.Errorf("%s_FILE: %w", name, err))
	}

	return value, true
}

// file returns the path of a variable's file.
func (r *Reader) file(name string) (string, bool) {
	file, ok := r.variables[name+"_FILE"]
	if _, both := r.variables[name]; both && ok {
		r.Reject(fmt.Errorf("%s: %s_FILE is set too; expected one of the two", name, name))
	}

	return file, ok
}

func (r *Reader) missing(name, meaning string) {
	r.Reject(fmt.Errorf("%s: not set, expected %s (or its file in %s_FILE)", name, meaning, name))
}
