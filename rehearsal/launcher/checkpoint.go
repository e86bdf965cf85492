package launcher

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/state"
)

// checkpointFile returns the file in which the engine keeps the stack's state. The engine keeps the previous state
// beside it, with the suffix ".bak".
func (s *Session) checkpointFile() string {
	return filepath.Join(s.options.Folders.state(), ".pulumi", "stacks", s.project.name, s.options.Stack+".json")
}

// State returns the stack's state, which is empty if the stack does not exist.
func (s *Session) State() (*state.State, error) {
	known, err := readCheckpoint(s.checkpointFile())
	if errors.Is(err, fs.ErrNotExist) {
		return &state.State{}, nil
	}

	return known, err
}

func readCheckpoint(path string) (*state.State, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the stack's state: %w", err)
	}

	known, err := state.ParseCheckpoint(text)
	if err != nil {
		return nil, fmt.Errorf("decoding the state in %s: %w", path, err)
	}

	return known, nil
}

// restoreCheckpoint replaces a checkpoint that a killed engine left truncated or missing by the previous one, and
// reports whether it did. The account contains the changes between the two, and recover finds them.
func (s *Session) restoreCheckpoint() (bool, error) {
	if err := removeBrokenAttributes(s.options.Folders.state()); err != nil {
		return false, fmt.Errorf("restoring the state of %s: %w", s.options.Stack, err)
	}

	file := s.checkpointFile()
	previous := file + ".bak"

	_, broken := readCheckpoint(file)
	if broken == nil {
		return false, nil
	}

	if _, err := readCheckpoint(previous); err != nil {
		if s.removeEmpty(broken) {
			return false, nil
		}

		return false, fmt.Errorf("neither the state of %s nor the previous state can be read; "+
			"run `make clean` to start again with an empty account: %w", s.options.Stack, errors.Join(broken, err))
	}

	text, err := os.ReadFile(previous)
	if err != nil {
		return false, fmt.Errorf("restoring the state of %s: %w", s.options.Stack, err)
	}

	if err := os.WriteFile(file, text, 0o600); err != nil {
		return false, fmt.Errorf("restoring the state of %s: %w", s.options.Stack, err)
	}

	return true, nil
}

// removeBrokenAttributes removes the attribute files that a killed engine left truncated. The backend writes one beside
// each of its files and works without it, but refuses the state if it cannot decode one.
func removeBrokenAttributes(folder string) error {
	root, err := os.OpenRoot(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}

	if err != nil {
		return fmt.Errorf("looking for broken attribute files: %w", err)
	}

	defer root.Close()

	err = fs.WalkDir(root.FS(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".attrs" {
			return err
		}

		if text, err := root.ReadFile(path); err != nil || json.Valid(text) {
			return err
		}

		return root.Remove(path)
	})
	if err != nil {
		return fmt.Errorf("removing broken attribute files in %s: %w", folder, err)
	}

	return nil
}

// removeEmpty removes an unreadable checkpoint if nothing is lost with it, and reports whether that was so: the stack
// did not exist, or was being created, and the account contains nothing that belongs to it.
func (s *Session) removeEmpty(broken error) bool {
	if errors.Is(broken, fs.ErrNotExist) {
		return true
	}

	held := slices.ContainsFunc(s.account.Resources(), func(r account.Resource) bool {
		return stackOf(r) == s.options.Stack
	})

	return !held && os.Remove(s.checkpointFile()) == nil
}

// killed reports whether the last run of the stack was killed: it left its lock, pending operations, or resources in
// the account that the state does not contain. (An engine that outlives its providers ends normally, with an error.)
func (s *Session) killed() (bool, error) {
	known, err := s.State()
	if err != nil {
		return false, err
	}

	locks, err := fs.Glob(os.DirFS(s.options.Folders.state()),
		path.Join(".pulumi", "locks", "*", s.project.name, s.options.Stack, "*.json"))
	if err != nil {
		return false, fmt.Errorf("looking for the engine's locks: %w", err)
	}

	orphans, err := s.Orphans()

	return len(locks) > 0 || known.Pending > 0 || len(orphans) > 0, err
}
