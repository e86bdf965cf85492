package launcher

import (
	"fmt"
	"path/filepath"
)

// projectFile describes a Pulumi project.
const projectFile = "Pulumi.yaml"

// project is what a rehearsal must know of a Pulumi project.
type project struct {
	name string
	// program is the folder of the program.
	program string
}

// readProject reads the project in a folder.
func readProject(folder string) (project, error) {
	content, err := readYAML(filepath.Join(folder, projectFile))
	if err != nil {
		return project{}, err
	}

	name, named := content["name"].(string)
	if !named {
		return project{}, fmt.Errorf("%s in %s: got no name, want one", projectFile, folder)
	}

	program, _ := content["main"].(string)

	return project{name: name, program: filepath.Join(folder, program)}, nil
}
