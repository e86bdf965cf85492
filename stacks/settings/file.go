package settings

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ReadFile returns the configuration in a stack file, as the engine would hand it to the program.
func ReadFile(path string) (Config, error) {
	text, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		return nil, fmt.Errorf("reading the stack file %s: %w", path, err)
	}

	var file struct {
		Config map[string]any `yaml:"config"`
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("reading the stack file %s: %w", path, err)
	}

	config := make(Config, len(file.Config))

	for name, value := range file.Config {
		if text, isText := value.(string); isText {
			config[name] = text

			continue
		}

		text, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("reading %s in the stack file %s: %w", name, path, err)
		}

		config[name] = string(text)
	}

	return config, nil
}

// Neighbours are the CIDRs of the other environments, by name.
type Neighbours map[string]netip.Prefix

// ReadNeighbours returns what the other stack files in the project's folder have as CIDRs. A file without a
// CIDR that can be read is no neighbour: its own run says what is wrong with it.
func ReadNeighbours(folder, stack string) (Neighbours, error) {
	// Not filepath.Glob: the folder's own path may hold what means something in a pattern.
	files, err := fs.Glob(os.DirFS(folder), "Pulumi.*.yaml")
	if err != nil {
		return nil, fmt.Errorf("listing the stack files in %s: %w", folder, err)
	}

	neighbours := make(Neighbours)

	for _, file := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(file, "Pulumi."), ".yaml")
		if name == stack {
			continue
		}

		config, err := ReadFile(filepath.Join(folder, file))
		if err != nil {
			return nil, fmt.Errorf("looking for the CIDR of %s: %w", name, err)
		}

		if other, _ := Load(name, config, nil); other.Network.CIDR.IsValid() {
			neighbours[name] = other.Network.CIDR
		}
	}

	return neighbours, nil
}

// overlapping returns the names of those that share addresses with cidr, in order.
func (n Neighbours) overlapping(cidr netip.Prefix) []string {
	var names []string

	for name, other := range n {
		if other.Overlaps(cidr) {
			names = append(names, name)
		}
	}

	slices.Sort(names)

	return names
}

// free returns a /16 that no neighbour overlaps.
func (n Neighbours) free() netip.Prefix {
	const step, bits = 10, 16

	for second := step; second <= 255; second += step {
		candidate := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(second), 0, 0}), bits)
		if len(n.overlapping(candidate)) == 0 {
			return candidate
		}
	}

	return netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16, 0, 0}), bits)
}
