package settings

import (
	"fmt"
	"net/netip"
	"slices"

	"github.com/msur/platform/internal/config"
)

// Neighbours are the CIDRs of the other environments, by name.
type Neighbours map[string]netip.Prefix

// ReadNeighbours returns the CIDRs in the other stack files of the project's folder. A file without a valid CIDR is
// skipped: its own run reports the problem.
func ReadNeighbours(folder, stack string) (Neighbours, error) {
	stacks, err := config.Stacks(folder)
	if err != nil {
		return nil, err
	}

	neighbours := make(Neighbours)

	for _, name := range stacks {
		if name == stack {
			continue
		}

		values, err := config.ReadFile(config.File(folder, name))
		if err != nil {
			return nil, fmt.Errorf("reading the CIDR of %s: %w", name, err)
		}

		if other, _ := Load(name, values, nil); other.Network.CIDR.IsValid() {
			neighbours[name] = other.Network.CIDR
		}
	}

	return neighbours, nil
}

// Free returns a range of a prefix length that overlaps no neighbour.
func (n Neighbours) Free(bits int) netip.Prefix {
	const step = 10

	for second := step; second <= 255; second += step {
		candidate := netip.PrefixFrom(netip.AddrFrom4([4]byte{10, byte(second), 0, 0}), bits)
		if len(n.overlapping(candidate)) == 0 {
			return candidate
		}
	}

	return netip.PrefixFrom(netip.AddrFrom4([4]byte{172, 16, 0, 0}), bits)
}

// overlapping returns the names of the neighbours that share addresses with the range, sorted.
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
