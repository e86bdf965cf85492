package main

import (
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const (
	mayRead  = 0o644
	mayEnter = 0o755
)

// copy copies a folder to that of the service, in its words.
func (s service) copy(from string, leftOut []string) error {
	files := os.DirFS(from)

	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		left := slices.ContainsFunc(leftOut, func(pattern string) bool {
			matches, _ := path.Match(pattern, name)

			return matches
		})

		switch {
		case left && entry.IsDir():
			return fs.SkipDir
		case left || entry.IsDir():
			return nil
		}

		text, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}

		return s.write(s.say(name), s.say(string(text)))
	})
	if err != nil {
		return fmt.Errorf("copying %s: %w", from, err)
	}

	return nil
}

// digest is that of an image. There is none yet of a new service.
var digest = regexp.MustCompile(`sha256:[0-9a-f]{64}`)

func (s service) write(name, text string) error {
	if path.Ext(name) == ".go" {
		// Imports are in the order of their names, which are others now.
		formatted, err := format.Source([]byte(text))
		if err != nil {
			return fmt.Errorf("formatting %s: %w", name, err)
		}

		text = string(formatted)
	}

	if path.Dir(name) == "environments" {
		text = digest.ReplaceAllString(text, "sha256:"+strings.Repeat("0", 64))
	}

	target := filepath.Join(s.folder(), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), mayEnter); err != nil {
		return fmt.Errorf("making the folder of %s: %w", target, err)
	}

	if err := os.WriteFile(target, []byte(text), mayRead); err != nil {
		return fmt.Errorf("writing %s: %w", target, err)
	}

	return nil
}

// say says something in the words of the service.
func (s service) say(text string) string {
	words := make([]string, len(s.kind.words))
	for i, word := range s.kind.words {
		if i%2 == 1 {
			word = strings.NewReplacer("NAME", s.name, "Name", strings.ToUpper(s.name[:1])+s.name[1:]).Replace(word)
		}

		words[i] = word
	}

	return strings.NewReplacer(words...).Replace(text)
}
