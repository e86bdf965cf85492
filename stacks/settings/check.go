package settings

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
)

// What texts look like. Compiled once, never changed.
//
//nolint:gochecknoglobals // as said
var (
	regionForm  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[1-9]$`)
	serviceForm = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	domainForm  = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
)

func (l *loader) checkRegion() {
	if !regionForm.MatchString(l.settings.Region) {
		l.problem("aws:region", "")
	}
}

// checkDefaultTags wants the tags by which costs and drift are told apart.
func (l *loader) checkDefaultTags() {
	const path = "aws:defaultTags.tags"

	tags := l.settings.DefaultTags.Tags
	for name, right := range map[string]string{"Project": "platform", "ManagedBy": "pulumi"} {
		if tags[name] == "" {
			l.mend(path+"."+name, "a text", "", right)
		}
	}

	if tags["Environment"] != l.stack {
		l.mend(path+".Environment", "the environment's name, "+l.stack, "", l.stack)
	}
}

func (l *loader) checkNetwork(neighbours Neighbours) {
	settings := l.settings.Network

	l.checkCIDR(settings.CIDR, neighbours)
	l.checkZones(settings.Zones)

	if !slices.Contains(network.NATs(), settings.NAT) {
		l.problem("platform:network.nat", "")
	}

	if !domainForm.MatchString(settings.Domain) {
		l.problem("platform:network.domain", "")
	}

	for i, service := range settings.InterfaceEndpoints {
		path := fmt.Sprintf("platform:network.interfaceEndpoints[%d]", i)

		switch {
		case service == "s3":
			l.problem(path, "a service other than s3, which has its gateway endpoint always")
		case slices.Contains(settings.InterfaceEndpoints[:i], service):
			l.problem(path, "each service once")
		case !serviceForm.MatchString(service):
			l.problem(path, "an AWS service's name, such as ecr.api")
		}
	}
}

// checkCIDR wants a range that a VPC can have and no other environment has.
func (l *loader) checkCIDR(cidr netip.Prefix, neighbours Neighbours) {
	const path = "platform:network.cidr"

	if !cidr.IsValid() {
		l.problem(path, "")

		return
	}

	if err := layout.CheckVPC(cidr); err != nil {
		l.mend(path, fmt.Sprintf("an IPv4 CIDR between /%d and /%d (%v)", layout.MinBits, layout.MaxBits, err),
			"", neighbours.free().String())

		return
	}

	for _, name := range neighbours.overlapping(cidr) {
		l.mend(path, fmt.Sprintf("a range that no other environment overlaps (%s has %s)", name, neighbours[name]),
			"", neighbours.free().String())
	}
}

// checkZones wants two zones or more, for EKS and load balancers want them, each once and by its letter.
func (l *loader) checkZones(zones []string) {
	const (
		path     = "platform:network.zones"
		minZones = 2
	)

	for i, zone := range zones {
		element := fmt.Sprintf("%s[%d]", path, i)

		switch {
		case layout.CheckZone(zone) != nil:
			l.problem(element, fmt.Sprintf("a letter from %s to %s", layout.FirstZone, layout.LastZone))
		case slices.Contains(zones[:i], zone):
			l.problem(element, "each zone once")
		}
	}

	if len(zones) < minZones {
		l.mend(path, keyOf(path).wants, fmt.Sprintf("[%d]", len(zones)), string(rune('a'+len(zones))))
	}
}
