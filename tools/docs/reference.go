package main

import (
	"bytes"
	_ "embed"
	"fmt"
	"io/fs"
	"text/template"
)

//go:embed components.md.tmpl
var layout string

// reference returns docs/components.md: the inputs, outputs, functions and resources of each component.
func reference(files fs.FS) ([]byte, error) {
	environments, err := readGraphs(files, goldens)
	if err != nil {
		return nil, err
	}

	// A component that no environment uses has a golden graph of its own.
	separate, err := readGraphs(files, "components/*/testdata/*.json")
	if err != nil {
		return nil, err
	}

	names, err := componentNames(files)
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

		c.Tables = append(c.Tables, resources(environments, separate, name))
		components = append(components, c)
	}

	var page bytes.Buffer

	tmpl := template.Must(template.New("").Funcs(template.FuncMap{"prose": prose}).Parse(layout))
	if err := tmpl.Execute(&page, components); err != nil {
		return nil, fmt.Errorf("rendering the page: %w", err)
	}

	return page.Bytes(), nil
}

// componentNames lists the folders of components.
func componentNames(files fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(files, "components")
	if err != nil {
		return nil, fmt.Errorf("listing the components: %w", err)
	}

	var found []string

	for _, entry := range entries {
		if name := entry.Name(); entry.IsDir() && name != "graphtest" && name != "internal" {
			found = append(found, name)
		}
	}

	return found, nil
}
