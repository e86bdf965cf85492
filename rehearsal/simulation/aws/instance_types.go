package aws

import (
	"errors"
	"regexp"

	"github.com/msur/platform/rehearsal/simulation/property"
)

// scarce matches instance types that the zone use1-az5 does not offer. Which types a zone lacks differs between zones
// and changes; this set is assumed.
var scarce = regexp.MustCompile(`^(a1|[a-z]+[78]g[a-z]*|g6[a-z]*|p[0-9][a-z]*)[.-]`)

// instanceTypeOfferings returns the zones of the region that offer each of the instance types.
func instanceTypeOfferings(q query) (map[string]any, error) {
	if q.text("locationType") != "availability-zone" {
		return nil, errors.New("locationType: only availability-zone is simulated")
	}

	types, locations, kinds := []any{}, []any{}, []any{}

	for _, filter := range property.At(q.arguments, "filters") {
		object, _ := filter.(map[string]any)
		if object["name"] != "instance-type" {
			return nil, errors.New("filters: only instance-type is simulated")
		}

		for _, name := range property.Texts(object, "values") {
			for _, z := range zonesOf(q.configuration.region) {
				if z.id != "use1-az5" || !scarce.MatchString(name) {
					types, locations, kinds = append(types, name), append(locations, z.name), append(kinds, "availability-zone")
				}
			}
		}
	}

	return map[string]any{"instanceTypes": types, "locations": locations, "locationTypes": kinds}, nil
}
