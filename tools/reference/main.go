// Command reference writes docs/components.md: what each component takes, gives and makes, as its code and the golden
// graphs of the environments say. It runs in the root of the repository.
package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"io/fs"
	"os"
	"text/template"
)

// target is the file that is written.
const target = "docs/components.md"

//go:embed components.md.tmpl
var layout string

// order is that of the components on the page: each comes after those that hand something to it.
func order() []string {
	return []string{"encryption", "network", "cluster", "database", "cache", "ingress", "gitops", "runner"}
}

func main() {
	text, err := generate(os.DirFS("."), order())
	if err == nil {
		err = os.WriteFile(target, text, 0o600)
	}

	if err != nil {
		fmt.Fprintln(os.Stderr, "writing the reference:", err)
		os.Exit(1)
	}
}

// generate returns the page about the components that are named.
func generate(files fs.FS, names []string) ([]byte, error) {
	made, err := readGoldens(files)
	if err != nil {
		return nil, err
	}

	components := make([]*component, 0, len(names))

	for _, name := range names {
		c, err := readComponent(files, name)
		if err == nil {
			err = c.describe()
		}

		if err != nil {
			return nil, fmt.Errorf("describing the component %s: %w", name, err)
		}

		c.Tables = append(c.Tables, resources(made, name))
		components = append(components, c)
	}

	return render(components)
}

// render lays the page out.
func render(components []*component) ([]byte, error) {
	var text bytes.Buffer

	page := template.Must(template.New(target).Funcs(template.FuncMap{"prose": prose}).Parse(layout))
	if err := page.Execute(&text, components); err != nil {
		return nil, fmt.Errorf("laying out %s: %w", target, err)
	}

	return text.Bytes(), nil
}
