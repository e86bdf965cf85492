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

// Seen is the state of folders at a time.
type Seen uint64

// See looks at all files below folders, but for those whose names begin with a dot. One that goes as it is looked at,
// in a checkout, is not there.
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

// add writes down how a file is.
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

// Changed waits until folders are no longer as they were seen, and the context for as long. That they cannot be looked
// at is a change.
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
