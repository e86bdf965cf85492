package launcher

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/msur/platform/rehearsal/language"
)

// Folders are the folders of a rehearsal. Deleting Base and Out is always a valid reset.
type Folders struct {
	// Project contains Pulumi.yaml, the stack files and the program.
	Project string
	// Base contains all other folders but Out.
	Base string
	// Bin contains the built tools: pulumi, pulumi-language-go and rehearsal.
	Bin string
	// Out contains the reports, in one folder per stack.
	Out string
}

// ProjectFolders returns the folders for the project in a folder.
func ProjectFolders(folder string) Folders {
	base := filepath.Join(folder, ".rehearsal")

	return Folders{
		Project: folder,
		Base:    base,
		Bin:     filepath.Join(base, "bin"),
		Out:     filepath.Join(folder, "out"),
	}
}

// home is the engine's home folder.
func (f Folders) home() string { return filepath.Join(f.Base, "home") }

// programs contains built programs. The language host looks for them beside its own binary.
func (f Folders) programs() string { return filepath.Join(f.Bin, language.ProgramsFolder) }

// components contains the npm packages of Pulumi components, which `make rehearsal` installs.
func (f Folders) components() string { return filepath.Join(f.Bin, "components", "node_modules") }

// plugins is the folder in which the engine looks for plugins.
func (f Folders) plugins() string { return filepath.Join(f.home(), "plugins") }

// tools contains the stand-ins for aws and kubectl.
func (f Folders) tools() string { return filepath.Join(f.Base, "tools") }

// helm is the folder in which the real Kubernetes provider stores the indexes of chart repositories.
func (f Folders) helm() string { return filepath.Join(f.Base, "helm") }

// state is the engine's backend.
func (f Folders) state() string { return filepath.Join(f.Base, "state") }

// stacks contains the copies of the stack files.
func (f Folders) stacks() string { return filepath.Join(f.Base, "stacks") }

// account is the file of the simulated account with an id.
func (f Folders) account(id string) string { return filepath.Join(f.Base, "account", id+".json") }

// lock is the file that a running rehearsal locks.
func (f Folders) lock() string { return filepath.Join(f.Base, "lock") }

// make creates the folders.
func (f Folders) make() error {
	for _, folder := range []string{f.home(), f.programs(), f.state(), f.stacks(), filepath.Dir(f.account(""))} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("creating the rehearsal's folders: %w", err)
		}
	}

	return nil
}
