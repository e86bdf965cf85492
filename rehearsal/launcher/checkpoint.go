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

// checkpointFile is where the engine keeps the stack. It keeps the one before beside it.
func (s *Session) checkpointFile() string {
	return filepath.Join(s.options.Folders.state(), ".pulumi", "stacks", s.project.name, s.options.Stack+".json")
}

// State is what the engine knows of the stack; empty where the stack was never made.
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
		return nil, fmt.Errorf("reading what the engine keeps: %w", err)
	}

	known, err := state.ParseCheckpoint(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}

	return known, nil
}

// restoreCheckpoint puts the checkpoint before in the place of one that a killed engine left torn or did not
// write at all, and reports whether it did. What happened between the two is in the account, and recover finds it.
func (s *Session) restoreCheckpoint() (bool, error) {
	if err := forgetTornAttributes(s.options.Folders.state()); err != nil {
		return false, fmt.Errorf("restoring the state of %s: %w", s.options.Stack, err)
	}

	file := s.checkpointFile()
	before := file + ".bak"

	_, torn := readCheckpoint(file)
	if torn == nil {
		return false, nil
	}

	if _, err := readCheckpoint(before); err != nil {
		if s.forgetBlank(torn) {
			return false, nil
		}

		return false, fmt.Errorf("the state of %s is lost, and so is the one before (`make clean` forgets both): %w",
			s.options.Stack, errors.Join(torn, err))
	}

	text, err := os.ReadFile(before)
	if err != nil {
		return false, fmt.Errorf("restoring the state of %s: %w", s.options.Stack, err)
	}

	if err := os.WriteFile(file, text, 0o600); err != nil {
		return false, fmt.Errorf("restoring the state of %s: %w", s.options.Stack, err)
	}

	return true, nil
}

// forgetTornAttributes removes what a killed engine left torn of the files that its backend keeps beside each of its
// own. They say nothing that anybody reads, and the backend does without; one that is torn, it takes for a torn state.
func forgetTornAttributes(folder string) error {
	root, err := os.OpenRoot(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}

	if err != nil {
		return fmt.Errorf("looking for torn attributes: %w", err)
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
		return fmt.Errorf("forgetting torn attributes in %s: %w", folder, err)
	}

	return nil
}

// forgetBlank removes a checkpoint that cannot be read where that is no loss, and reports whether it is none: the stack
// was never made, or was about to be, and the account holds nothing of it.
func (s *Session) forgetBlank(torn error) bool {
	if errors.Is(torn, fs.ErrNotExist) {
		return true
	}

	held := slices.ContainsFunc(s.account.Resources(), func(r account.Resource) bool {
		return stackOf(r) == s.options.Stack
	})

	return !held && os.Remove(s.checkpointFile()) == nil
}

// killed reports whether the last run of the stack was killed: it left its lock, operations under way, or in the
// account what the state does not hold. (An engine that outlives its providers ends in order, with an error.)
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
