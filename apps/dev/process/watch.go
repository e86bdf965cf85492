package process

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"path/filepath"
	"strings"
	"time"
)

const look = 300 * time.Millisecond

// Seen is the state of folders at a time.
type Seen uint64

// See looks at all files below folders, but for those whose names begin with a dot.
func See(folders ...string) (Seen, error) {
	seen := fnv.New64a()

	for _, folder := range folders {
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case strings.HasPrefix(entry.Name(), ".") && entry.IsDir() && path != folder:
				return filepath.SkipDir
			case strings.HasPrefix(entry.Name(), ".") || entry.IsDir():
				return nil
			}

			file, err := entry.Info()
			if err != nil {
				return err //nolint:wrapcheck // see below
			}

			fmt.Fprintln(seen, path, file.Size(), file.ModTime().UnixNano())

			return nil
		})
		if err != nil {
			return 0, fmt.Errorf("looking for changes in %s: %w", folder, err)
		}
	}

	return Seen(seen.Sum64()), nil
}

// Changed waits until folders are no longer as they were seen, and the context for as long. A file that goes as it is
// looked at is a change.
func Changed(ctx context.Context, was Seen, folders ...string) error {
	ticks := time.NewTicker(look)
	defer ticks.Stop()

	for {
		select {
		case <-ctx.Done():
			return ctx.Err() //nolint:wrapcheck // the caller's own
		case <-ticks.C:
			if is, err := See(folders...); err != nil || is != was {
				return nil
			}
		}
	}
}
