package settings

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
	"github.com/msur/platform/internal/config"
)

// Network is the section platform:network.
type Network struct {
	// Existing is a VPC of another owner, with its subnets. Default: none; the program creates a VPC. With it, the section
	// has no other member than the domain. See "An existing VPC" in docs/environments.md.
	Existing *network.Existing `mapstructure:"existing"`
	// CIDR is the VPC's range, between /16 and /21, in 10.0.0.0/8, 100.64.0.0/10, 172.16.0.0/12 or 192.168.0.0/16. It must
	// not overlap the range of another environment.
	CIDR netip.Prefix `mapstructure:"cidr"`
	// Zones are the letters of at least two availability zones.
	Zones []string `mapstructure:"zones"`
	// NAT decides how many zones have a NAT gateway. Default: single; each gateway costs 33 USD a month before traffic
	// (Amazon VPC pricing, us-east-1). An environment that must survive the loss of a zone requires perZone.
	NAT network.NAT `mapstructure:"nat"`
	// InterfaceEndpoints are AWS services that private subnets reach without NAT, such as "ecr.api". Default: none; each
	// is billed by the hour in every zone, and NAT reaches all services.
	InterfaceEndpoints []string `mapstructure:"interfaceEndpoints"`
	// FlowLogTraffic selects the connections that flow logs record: ALL, ACCEPT or REJECT. Default: ALL, which an
	// investigation needs. REJECT costs least, because flow logs are billed by the GB.
	FlowLogTraffic network.Traffic `mapstructure:"flowLogTraffic"`
	// Domain is the parent of each environment's private DNS zone. Default: the book's; only the VPC resolves it.
	Domain string `mapstructure:"domain"`
}

func defaultNetwork() Network {
	return Network{NAT: network.NATSingle, FlowLogTraffic: network.TrafficAll, Domain: "msur-vpc.com"}
}

const (
	networkPath   = "platform:network"
	cidrPath      = networkPath + ".cidr"
	zonesPath     = networkPath + ".zones"
	natPath       = networkPath + ".nat"
	endpointsPath = networkPath + ".interfaceEndpoints"
	flowLogPath   = networkPath + ".flowLogTraffic"
	domainPath    = networkPath + ".domain"
)

func networkKeys() config.Keys {
	defaults := defaultNetwork()

	keys := config.Keys{
		cidrPath: {Expected: "an IPv4 CIDR between /16 and /21"},
		zonesPath: {
			Expected: "the letters of at least two zones",
			Element:  "a letter from " + layout.FirstZone + " to " + layout.LastZone,
		},
		natPath: {
			Expected: config.Choice(nats()) + ": nodes pull the images of Traefik and Argo CD from public registries, and " +
				"Argo CD reads Git, which no interface endpoint reaches",
			Example: string(defaults.NAT),
		},
		endpointsPath: {
			Expected: "a list of AWS services other than s3 and dynamodb",
			Element:  "the name of an AWS service, such as ecr.api",
		},
		flowLogPath: {Expected: config.Choice(network.Traffics()), Example: string(defaults.FlowLogTraffic)},
		domainPath:  {Expected: "a domain name", Example: defaults.Domain},
	}
	maps.Copy(keys, existingKeys())

	return keys
}

// nats returns the choices with a route to the internet. The platform's images are in public registries, and no setting
// moves them, so its nodes need one.
func nats() []network.NAT { return []network.NAT{network.NATSingle, network.NATPerZone} }

var (
	domainForm  = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
	serviceForm = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	// AWS's own name of an endpoint's service, in China also with cn. before it.
	endpointServiceForm = regexp.MustCompile(`^(cn\.)?com\.amazonaws\.[a-z]+(-[a-z0-9]+)+\.`)
)

func (c *checker) checkNetwork(neighbours Neighbours) {
	settings := c.settings.Network

	c.Matches(domainPath, settings.Domain, domainForm)

	if c.Has(ExistingPath) {
		c.checkExisting()

		return
	}

	c.checkCIDR(settings.CIDR, neighbours)
	c.checkZones(settings.Zones)
	config.OneOf(c.Checker, natPath, settings.NAT, nats())
	config.OneOf(c.Checker, flowLogPath, settings.FlowLogTraffic, network.Traffics())
	c.checkInterfaceEndpoints(settings.InterfaceEndpoints)
}

// checkCIDR requires a range that a VPC can have and that no other environment overlaps.
func (c *checker) checkCIDR(cidr netip.Prefix, neighbours Neighbours) {
	nearest, found := layout.Nearest(cidr)
	if !found || len(neighbours.overlapping(nearest)) > 0 {
		nearest = neighbours.Free(max(nearest.Bits(), layout.MinBits))
	}

	expected, fix := c.Expected(cidrPath), c.Set(cidrPath, nearest.String())

	if !cidr.IsValid() {
		c.Report(cidrPath, expected, fix)
	} else if err := layout.CheckVPC(cidr); err != nil {
		c.Report(cidrPath, fmt.Sprintf("%s (%v)", expected, err), fix)
	} else if names := neighbours.overlapping(cidr); len(names) > 0 {
		c.Report(cidrPath, fmt.Sprintf("a range that no other environment overlaps (%s has %s)",
			names[0], neighbours[names[0]]), fix)
	}
}

// minZones is the number of zones that EKS and load balancers require.
const minZones = 2

func (c *checker) checkZones(zones []string) {
	unused := slices.DeleteFunc(layout.Letters(), func(letter string) bool { return slices.Contains(zones, letter) })
	next := func(element string) string {
		if len(unused) == 0 {
			return c.Remove(element)
		}

		letter := unused[0]
		unused = unused[1:]

		return c.Set(element, letter)
	}

	for i, zone := range zones {
		element := config.Element(zonesPath, i)

		switch {
		case layout.CheckZone(zone) != nil:
			c.Report(element, c.Expected(element), next(element))
		case slices.Contains(zones[:i], zone):
			c.Report(element, config.NotInList, next(element))
		}
	}

	if len(zones) >= minZones {
		return
	}

	var fixes []string
	if zones == nil && c.Has(zonesPath) {
		fixes = append(fixes, c.Remove(zonesPath)) // it is not a list, so no element of it can be set
	}

	for i := len(zones); i < minZones; i++ {
		fixes = append(fixes, next(config.Element(zonesPath, i)))
	}

	c.Report(zonesPath, c.Expected(zonesPath), fixes...)
}

// bareService returns the name of a service without what it has in AWS's lists: com.amazonaws.us-east-1.ecr.api is
// ecr.api. The program adds the region itself.
func bareService(service string) string {
	return endpointServiceForm.ReplaceAllString(strings.ToLower(strings.TrimSpace(service)), "")
}

// checkInterfaceEndpoints requires the names of different services. Two with a dot and a dash would have one endpoint.
func (c *checker) checkInterfaceEndpoints(services []string) {
	taken := make(map[string]string, len(services))

	for i, service := range services {
		path, name := config.Element(endpointsPath, i), network.EndpointName(service)

		switch other := taken[name]; {
		case !c.isEndpoint(path, service, services):
		case other == service:
			c.Report(path, config.NotInList, c.Remove(path))
		case other != "":
			c.Report(path, fmt.Sprintf("a service whose endpoint is not named %s, like the endpoint of %s", name, other),
				c.Remove(path))
		default:
			taken[name] = service
		}
	}
}

// isEndpoint refuses services that have a gateway endpoint, which costs nothing, and what is no service's name. The fix
// sets the name that is meant, unless the list has it, too.
func (c *checker) isEndpoint(path, service string, services []string) bool {
	bare := bareService(service)
	valid := serviceForm.MatchString(bare)

	switch {
	case bare == "s3":
		c.Report(path, "a service other than s3, which always has a gateway endpoint", c.Remove(path))
	case bare == "dynamodb":
		c.Report(path, "a service other than dynamodb, which has a gateway endpoint", c.Remove(path))
	case valid && bare == service:
		return true
	case valid && !slices.Contains(services, bare):
		c.Report(path, c.Expected(path), c.Set(path, bare))
	default:
		c.Report(path, c.Expected(path), c.Remove(path))
	}

	return false
}
