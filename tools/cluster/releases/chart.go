package releases

import (
	"archive/tar"
	"compress/gzip"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

//go:embed charts
var sources embed.FS

// Chart is a stand-in for a version of a chart.
type Chart struct {
	Name    string `json:"name"`
	Version string `json:"version"`

	files map[string][]byte
}

// Load returns the charts whose keys are in the folder charts of bin, one for each file <chart>-<version>.keys. A chart
// refuses values with other keys: these files contain the keys that were tested with the real charts. The chart argo-cd
// includes Argo CD's own manifests, which are in the folder argo-cd.
func Load(bin string) ([]Chart, error) {
	keys, err := filepath.Glob(filepath.Join(bin, "charts", "*.keys"))
	if err != nil || len(keys) == 0 {
		return nil, fmt.Errorf("looking for the keys of charts in %s/charts: found %d; run make cluster", bin, len(keys))
	}

	var charts []Chart

	for _, file := range keys {
		chart, err := load(file, bin)
		if err != nil {
			return nil, fmt.Errorf("loading the chart of %s: %w", file, err)
		}

		charts = append(charts, chart)
	}

	return charts, nil
}

// versioned is the name of a file of keys, with the chart and its version.
var versioned = regexp.MustCompile(`^(.+)-([0-9.]+)\.keys$`)

func load(file, bin string) (Chart, error) {
	named := versioned.FindStringSubmatch(filepath.Base(file))
	if named == nil {
		return Chart{}, errors.New("expected a name like argo-cd-1.2.3.keys")
	}

	text, err := os.ReadFile(filepath.Clean(file))
	if err != nil {
		return Chart{}, err
	}

	schema, err := json.Marshal(schemaOf(string(text)))
	if err != nil {
		return Chart{}, fmt.Errorf("encoding the schema: %w", err)
	}

	chart := Chart{Name: named[1], Version: named[2], files: map[string][]byte{"values.schema.json": schema}}

	source, err := fs.Sub(sources, path.Join("charts", chart.Name))
	if err != nil {
		return Chart{}, err
	}

	if err := errors.Join(chart.add(source), chart.add(os.DirFS(filepath.Join(bin, chart.Name)))); err != nil {
		return Chart{}, err
	}

	if chart.files["values.yaml"] == nil {
		return Chart{}, fmt.Errorf("there is no stand-in for the chart %s", chart.Name)
	}

	return chart, nil
}

// add adds the files of a folder, if it exists.
func (c Chart) add(folder fs.FS) error {
	return fs.WalkDir(folder, ".", func(name string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) && name == "." {
			return nil
		}

		if err != nil || entry.IsDir() {
			return err
		}

		c.files[name], err = fs.ReadFile(folder, name)

		return err
	})
}

// archive writes the chart as an archive.
func (c Chart) archive(out io.Writer) error {
	compressed := gzip.NewWriter(out)
	archive := tar.NewWriter(compressed)

	files := maps.Clone(c.files)
	files["Chart.yaml"] = fmt.Appendf(nil, "{apiVersion: v2, name: %s, version: %s}\n", c.Name, c.Version)

	for _, name := range slices.Sorted(maps.Keys(files)) {
		header := &tar.Header{Name: path.Join(c.Name, name), Mode: 0o644, Size: int64(len(files[name]))}
		if err := archive.WriteHeader(header); err != nil {
			return err
		}

		if _, err := archive.Write(files[name]); err != nil {
			return err
		}
	}

	return errors.Join(archive.Close(), compressed.Close())
}

// schema is a JSON schema of values: of an object with known keys, or of any value.
type schema struct {
	Type       string             `json:"type,omitempty"`
	Properties map[string]*schema `json:"properties,omitempty"`
	Additional *bool              `json:"additionalProperties,omitempty"`
}

// part is one name in a key such as ["redis-ha"].haproxy.replicas.
var part = regexp.MustCompile(`\["([^"]+)"\]|([^.\[\]"]+)`)

// schemaOf returns the schema that allows only the keys of a file.
func schemaOf(text string) *schema {
	root := &schema{}

	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "#") {
			continue
		}

		at := root

		for _, name := range part.FindAllStringSubmatch(strings.TrimSpace(line), -1) {
			at = at.property(name[1] + name[2])
		}
	}

	return root
}

// property makes the schema that of an object with a key, and returns the schema of its value.
func (s *schema) property(name string) *schema {
	if s.Properties == nil {
		*s = schema{Type: "object", Properties: map[string]*schema{}, Additional: new(false)}
	}

	if s.Properties[name] == nil {
		s.Properties[name] = &schema{}
	}

	return s.Properties[name]
}
