// Package config reads the settings of a service from its environment: once, at the edge, and every fault at once.
package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Reader reads variables. Each may instead be given as a file, whose path stands in <NAME>_FILE: an orchestrator's
// secrets and settings come as files. What is wrong with a variable is kept until Err.
type Reader struct {
	variables map[string]string
	problems  []error
}

// NewReader reads from variables in the form NAME=value, as os.Environ returns them. An empty one counts as not set.
func NewReader(environ []string) *Reader {
	r := &Reader{variables: make(map[string]string, len(environ))}

	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); value != "" {
			r.variables[name] = value
		}
	}

	return r
}

// Err is everything that was wrong with the variables read so far, a line each.
func (r *Reader) Err() error {
	return errors.Join(r.problems...)
}

// Text reads a variable that must be there; want says what it holds.
func (r *Reader) Text(name, want string) string {
	value, is := r.lookup(name)
	if !is {
		r.missing(name, want)
	}

	return value
}

// TextOr reads a variable that may be left out.
func (r *Reader) TextOr(name, otherwise string) string {
	if value, is := r.lookup(name); is {
		return value
	}

	return otherwise
}

// OneOf reads a variable that is one of the words; without it the answer is the first of them.
func (r *Reader) OneOf(name string, words ...string) string {
	value, is := r.lookup(name)
	if !is {
		return words[0]
	}

	if !slices.Contains(words, value) {
		r.wrong(name, value, "one of "+strings.Join(words, ", "))
	}

	return value
}

// Number reads a variable that is a number from least to most.
func (r *Reader) Number(name string, otherwise, least, most int) int {
	value, is := r.lookup(name)
	if !is {
		return otherwise
	}

	number, err := strconv.Atoi(value)
	if err != nil || number < least || number > most {
		r.wrong(name, value, fmt.Sprintf("a number from %d to %d", least, most))
	}

	return number
}

// Port reads a variable that is the number of a TCP port; 0 lets the system choose one.
func (r *Reader) Port(name string, otherwise int) int {
	const most = 65535

	return r.Number(name, otherwise, 0, most)
}

// Duration reads a variable such as 1.5s that is from least to most.
func (r *Reader) Duration(name string, otherwise, least, most time.Duration) time.Duration {
	value, is := r.lookup(name)
	if !is {
		return otherwise
	}

	duration, err := time.ParseDuration(value)
	if err != nil || duration < least || duration > most {
		r.wrong(name, value, fmt.Sprintf("a duration from %s to %s, such as 1.5s", least, most))
	}

	return duration
}

// lookup finds a variable, or the content of the file that stands in for it.
func (r *Reader) lookup(name string) (string, bool) {
	value, is := r.variables[name]

	file, isFile := r.file(name)
	if !isFile {
		return value, is
	}

	text, err := os.ReadFile(filepath.Clean(file))
	value = strings.TrimSpace(string(text))

	if err == nil && value == "" {
		err = fmt.Errorf("%s: %w", file, errEmpty)
	}

	if err != nil {
		r.problems = append(r.problems, fmt.Errorf("%s_FILE: %w", name, err))
	}

	return value, true
}

// file finds the file that stands in for a variable.
func (r *Reader) file(name string) (string, bool) {
	file, is := r.variables[name+"_FILE"]
	if _, both := r.variables[name]; both && is {
		r.problems = append(r.problems, fmt.Errorf("%s: got %s_FILE too, want one of the two", name, name))
	}

	return file, is
}

func (r *Reader) missing(name, want string) {
	r.problems = append(r.problems, fmt.Errorf("%s: got nothing, want %s (or its file in %s_FILE)", name, want, name))
}

// wrong says nothing of an empty value: that is a file which has been told of.
func (r *Reader) wrong(name, got, want string) {
	if got == "" {
		return
	}

	r.problems = append(r.problems, fmt.Errorf("%s: got %q, want %s", name, got, want))
}
