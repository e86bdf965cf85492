package settings

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
)

// What texts look like.
var (
	accountForm = regexp.MustCompile(`^[0-9]{12}$`)
	regionForm  = regexp.MustCompile(`^[a-z]{2}(-[a-z]+)+-[1-9]$`)
	serviceForm = regexp.MustCompile(`^[a-z0-9]+([.-][a-z0-9]+)*$`)
	domainForm  = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$`)
)

// The bounds of a tag (IAM and RDS API References, Tag, whose pattern is the strictest) and of their number (AWS
// General Reference, "Tag naming limits and requirements").
const (
	maxTagKey   = 128
	maxTagValue = 256
	maxTags     = 50 - 3
)

var tagForm = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+@-]+$`)

func (l *loader) checkRegion() {
	if !regionForm.MatchString(l.settings.Region) {
		l.problem("aws:region")
	}
}

// checkAccounts wants each account once and by its id. A file's number that starts with 0 is another one by then.
func (l *loader) checkAccounts() {
	accounts := l.settings.AllowedAccountIDs
	for i, account := range accounts {
		path := fmt.Sprintf("aws:allowedAccountIds[%d]", i)

		switch {
		case !accountForm.MatchString(account):
			l.problem(path)
		case slices.Contains(accounts[:i], account):
			l.tell(path, "each account once", l.remove(path))
		}
	}
}

// checkDefaultTags wants the tags by which costs and drift are told apart.
func (l *loader) checkDefaultTags() {
	const path = "aws:defaultTags.tags."

	tags := l.settings.DefaultTags.Tags
	for name, right := range map[string]string{"Project": "platform", "ManagedBy": "pulumi"} {
		if tags[name] == "" {
			l.tell(path+name, "a text", l.set(path+name, right))
		}
	}

	if tags["Environment"] != l.stack {
		l.tell(path+"Environment", "the environment's name, "+l.stack, l.set(path+"Environment", l.stack))
	}

	for _, key := range slices.Sorted(maps.Keys(tags)) {
		l.checkTag(Member("aws:defaultTags.tags", key), key, tags[key])
	}

	if len(tags) > maxTags {
		last := Member("aws:defaultTags.tags", slices.Max(slices.Collect(maps.Keys(tags))))
		l.tell("aws:defaultTags.tags", fmt.Sprintf("at most %d tags: AWS accepts 50 on a resource, and a subnet has 3 "+
			"of its own", maxTags), l.remove(last))
	}
}

// checkTag refuses a tag that any of AWS's services refuses: default tags are put on everything.
func (l *loader) checkTag(path, key, value string) {
	remove := l.remove(path)
	if strings.Contains(key, ":") { // no path of pulumi's leads there
		remove = "${EDITOR:-vi} Pulumi." + l.stack + ".yaml"
	}

	switch {
	case utf8.RuneCountInString(key) > maxTagKey, !tagForm.MatchString(key),
		strings.HasPrefix(strings.ToLower(key), "aws:"):
		l.tell(path, fmt.Sprintf("a key of at most %d letters, digits, spaces and . : / = + - @ _, not starting with aws:",
			maxTagKey), remove)
	case utf8.RuneCountInString(value) > maxTagValue || (value != "" && !tagForm.MatchString(value)):
		l.tell(path, fmt.Sprintf("a value of at most %d letters, digits, spaces and . : / = + - @ _", maxTagValue), remove)
	}
}

func (l *loader) checkNetwork(neighbours Neighbours) {
	settings := l.settings.Network

	l.checkCIDR(settings.CIDR, neighbours)
	l.checkZones(settings.Zones)

	if !slices.Contains(network.NATs(), settings.NAT) {
		l.problem("platform:network.nat")
	}

	if !slices.Contains(network.Traffics(), settings.FlowLogTraffic) {
		l.problem("platform:network.flowLogTraffic")
	}

	if !domainForm.MatchString(settings.Domain) {
		l.problem("platform:network.domain")
	}

	l.checkInterfaceEndpoints(settings.InterfaceEndpoints)
}

// checkCIDR wants a range that a VPC can have and no other environment has.
func (l *loader) checkCIDR(cidr netip.Prefix, neighbours Neighbours) {
	const path = "platform:network.cidr"

	mend := l.set(path, neighbours.free().String())

	if !cidr.IsValid() {
		l.tell(path, keyOf(path).wants, mend)

		return
	}

	if err := layout.CheckVPC(cidr); err != nil {
		l.tell(path, fmt.Sprintf("%s (%v)", keyOf(path).wants, err), mend)

		return
	}

	if names := neighbours.overlapping(cidr); len(names) > 0 {
		l.tell(path, fmt.Sprintf("a range that no other environment overlaps (%s has %s)", names[0], neighbours[names[0]]),
			mend)
	}
}

// checkZones wants each zone once and by its letter, and at least two, for EKS and load balancers want them.
func (l *loader) checkZones(zones []string) {
	const (
		path     = "platform:network.zones"
		minZones = 2
	)

	unused := unusedZones(zones)
	next := func(element string) string {
		if len(unused) == 0 {
			return l.remove(element)
		}

		letter := unused[0]
		unused = unused[1:]

		return l.set(element, letter)
	}

	for i, zone := range zones {
		element := fmt.Sprintf("%s[%d]", path, i)

		switch {
		case layout.CheckZone(zone) != nil:
			l.tell(element, keyOf(element).wants, next(element))
		case slices.Contains(zones[:i], zone):
			l.tell(element, "each zone once", next(element))
		}
	}

	if len(zones) >= minZones {
		return
	}

	var commands []string
	if zones == nil && lookUp(l.raw, steps(path)) != nil {
		commands = append(commands, l.remove(path)) // it is no list, and nothing can be set in it
	}

	for i := len(zones); i < minZones; i++ {
		commands = append(commands, next(fmt.Sprintf("%s[%d]", path, i)))
	}

	l.tell(path, keyOf(path).wants, commands...)
}

// unusedZones returns the letters that a zone can have and none of the zones has.
func unusedZones(zones []string) []string {
	return slices.DeleteFunc(layout.Letters(), func(letter string) bool { return slices.Contains(zones, letter) })
}

// checkInterfaceEndpoints wants each service once, and none that has a gateway endpoint, which costs nothing.
func (l *loader) checkInterfaceEndpoints(services []string) {
	taken := make(map[string]string, len(services))

	for i, service := range services {
		path := fmt.Sprintf("platform:network.interfaceEndpoints[%d]", i)
		name := network.EndpointName(service)

		switch other := taken[name]; {
		case service == "s3":
			l.tell(path, "a service other than s3, which has its gateway endpoint always", l.remove(path))
		case service == "dynamodb":
			l.tell(path, "a service other than dynamodb, whose endpoint is a gateway one", l.remove(path))
		case !serviceForm.MatchString(service):
			l.problem(path)
		case other == service:
			l.tell(path, "each service once", l.remove(path))
		case other != "":
			l.tell(path, fmt.Sprintf("a service whose endpoint has a name of its own (%s has %s)", other, name), l.remove(path))
		default:
			taken[name] = service
		}
	}
}
