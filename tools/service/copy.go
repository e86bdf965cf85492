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

const readable = 0o644

// copy copies a folder to the new service, except the omitted parts, and replaces the model's words in names and
// contents.
func (s service) copy(from string, omitted []string) error {
	files, words := os.DirFS(from), strings.NewReplacer(s.words...)

	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}

		switch skip := slices.Contains(omitted, name); {
		case skip && entry.IsDir():
			return fs.SkipDir
		case skip || entry.IsDir():
			return nil
		}

		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}

		return s.write(words.Replace(name), words.Replace(string(content)))
	})
	if err != nil {
		return fmt.Errorf("copying %s: %w", from, err)
	}

	return nil
}

// digest matches the digest of an image. A new service has none yet.
var digest = regexp.MustCompile(`sha256:[0-9a-f]{64}`)

func (s service) write(name, content string) error {
	if path.Ext(name) == ".go" {
		// The new names change the order of the imports.
		formatted, err := format.Source([]byte(content))
		if err != nil {
			return fmt.Errorf("formatting %s: %w", name, err)
		}

		content = string(formatted)
	}

	if path.Dir(name) == "environments" {
		content = digest.ReplaceAllString(content, "sha256:"+strings.Repeat("0", 64))
	}

	target := filepath.Join(s.folder(), filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}

	return os.WriteFile(target, []byte(content), readable)
}
