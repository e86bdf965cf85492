package process

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

const interval = 300 * time.Millisecond

// Seen is a hash of the state of folders.
type Seen uint64

// See returns the state of all files below folders, except names that begin with a dot. It ignores files that disappear
// meanwhile, as during a checkout.
func See(folders ...string) (Seen, error) {
	seen := fnv.New64a()

	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			hidden := path != folder && strings.HasPrefix(filepath.Base(path), ".")
			if err == nil && hidden && entry.IsDir() {
				return fs.SkipDir
			}

			if err == nil && !hidden {
				err = add(seen, path, entry)
			}

			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}

			return err
		})
		if err != nil {
			return 0, fmt.Errorf("looking for changes in %s: %w", folder, err)
		}
	}

	return Seen(seen.Sum64()), nil
}

// add hashes the path, size and time of a file.
func add(seen io.Writer, path string, entry fs.DirEntry) error {
	file, err := entry.Info()
	if err == nil && !file.IsDir() {
		fmt.Fprintln(seen, path, file.Size(), file.ModTime().UnixNano())
	}

	return err
}

// Changed waits until the folders differ from what was seen, or the context ends. Folders that cannot be read count as
// changed.
func Changed(ctx context.Context, was Seen, folders ...string) error {
	for {
		if is, err := See(folders...); err != nil || is != was {
			return ctx.Err()
		}

		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(interval):
		}
	}
}
