package launcher

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/msur/platform/rehearsal/language"
)

// Folders are where a rehearsal keeps what it builds, holds and reports. Deleting Base and Out is always a
// valid reset.
type Folders struct {
	// Project holds Pulumi.yaml, the stack files and the program.
	Project string
	// Base holds the rest.
	Base string
	// Bin holds the built tools: pulumi, pulumi-language-go, rehearsal.
	Bin string
	// Out is where reports go, in a folder for each stack.
	Out string
}

// ProjectFolders are those of the project in folder.
func ProjectFolders(folder string) Folders {
	base := filepath.Join(folder, ".rehearsal")

	return Folders{
		Project: folder,
		Base:    base,
		Bin:     filepath.Join(base, "bin"),
		Out:     filepath.Join(folder, "out"),
	}
}

// home is the engine's own folder.
func (f Folders) home() string { return filepath.Join(f.Base, "home") }

// programs holds built programs, next to the language host, which looks for them there.
func (f Folders) programs() string { return filepath.Join(f.Bin, language.ProgramsFolder) }

// components holds the npm packages of Pulumi components, as `make rehearsal` installs them.
func (f Folders) components() string { return filepath.Join(f.Bin, "components", "node_modules") }

// plugins is where the engine looks for the plugins that it runs.
func (f Folders) plugins() string { return filepath.Join(f.home(), "plugins") }

// tools holds what stands in for a cloud's command line tools.
func (f Folders) tools() string { return filepath.Join(f.Base, "tools") }

// state is the backend in which the engine keeps its stacks.
func (f Folders) state() string { return filepath.Join(f.Base, "state") }

// stacks holds the copies of the stack files.
func (f Folders) stacks() string { return filepath.Join(f.Base, "stacks") }

// account is the file that is the simulated account.
func (f Folders) account() string { return filepath.Join(f.Base, "account", "account.json") }

// lock is held by the one rehearsal that runs.
func (f Folders) lock() string { return filepath.Join(f.Base, "lock") }

// make makes the folders that must exist.
func (f Folders) make() error {
	for _, folder := range []string{f.home(), f.programs(), f.state(), f.stacks(), filepath.Dir(f.account())} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("making the rehearsal's folders: %w", err)
		}
	}

	return nil
}
