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

const look = 300 * time.Millisecond

// Seen is a hash of the state of folders.
type Seen uint64

// See returns the state of all files below folders, except names that begin with a dot. It ignores files that disappear
// meanwhile, as during a checkout.
func See(folders ...string) (Seen, error) {
	seen := fnv.New64a()

	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && path != folder && strings.HasPrefix(entry.Name(), ".") && entry.IsDir() {
				return fs.SkipDir
			}

			if err == nil {
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
	if strings.HasPrefix(entry.Name(), ".") || entry.IsDir() {
		return nil
	}

	file, err := entry.Info()
	if err != nil {
		return err
	}

	fmt.Fprintln(seen, path, file.Size(), file.ModTime().UnixNano())

	return nil
}

// Changed waits until the folders differ from what was seen, or the context ends. Folders that cannot be read count as
// changed.
func Changed(ctx context.Context, was Seen, folders ...string) error {
	ticks := time.NewTicker(look)
	defer ticks.Stop()

	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticks.C:
			if is, err := See(folders...); err != nil || is != was {
				return nil
			}
		}
	}
}
