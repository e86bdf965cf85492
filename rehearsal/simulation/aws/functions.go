package aws

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// Invoke answers a function of the catalogue whose arguments have been checked.
func (i *instance) Invoke(acct *account.Account, token string, arguments map[string]any) (map[string]any, error) {
	if answer, isLookUp, err := i.lookUp(acct, token, arguments); isLookUp {
		return answer, err
	}

	switch token {
	case "aws:ec2/getVpcEndpointService:getVpcEndpointService":
		return endpointService(i.configuration.region, arguments)
	case "aws:eks/getAddonVersion:getAddonVersion":
		return addonVersion(arguments)
	case "aws:iam/getSessionContext:getSessionContext":
		return sessionContext(arguments), nil
	case "aws:index/getAvailabilityZones:getAvailabilityZones":
		return availabilityZones(i.configuration.region, arguments)
	case "aws:index/getCallerIdentity:getCallerIdentity":
		return callerIdentity(), nil
	case "aws:index/getPartition:getPartition":
		return map[string]any{
			"id": partition, "partition": partition, "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws",
		}, nil
	case "aws:index/getRegion:getRegion":
		return regionOf(i.configuration.region, arguments)
	}

	return nil, fmt.Errorf("function %s is not simulated", token)
}

func regionOf(region string, arguments map[string]any) (map[string]any, error) {
	if name, given := arguments["name"].(string); given {
		region = name
	}

	if endpoint, given := arguments["endpoint"].(string); given {
		region = strings.TrimSuffix(strings.TrimPrefix(endpoint, "ec2."), ".amazonaws.com")
	}

	if !slices.Contains(regions(), region) {
		return nil, fmt.Errorf("region %q is not simulated; known: %s", region, strings.Join(regions(), ", "))
	}

	return map[string]any{
		"id": region, "name": region, "description": region, "endpoint": "ec2." + region + ".amazonaws.com",
	}, nil
}

// availabilityZones answers with the region's zones that pass the exclusions, the
// state and the filters. All simulated zones are available and need no opt-in.
func availabilityZones(region string, arguments map[string]any) (map[string]any, error) {
	filters, err := zoneFilters(arguments)
	if err != nil {
		return nil, err
	}

	names, ids := []any{}, []any{}

	for _, candidate := range zonesOf(region) {
		if passes(candidate, region, filters) && !excluded(candidate, arguments) {
			names, ids = append(names, candidate.name), append(ids, candidate.id)
		}
	}

	result := property.Clone(arguments)
	result["id"] = region
	result["names"], result["zoneIds"], result["groupNames"] = names, ids, []any{region}

	return result, nil
}

func excluded(candidate zone, arguments map[string]any) bool {
	return slices.Contains(property.Texts(arguments, "excludeNames"), candidate.name) ||
		slices.Contains(property.Texts(arguments, "excludeZoneIds"), candidate.id)
}

// zoneFilters are the filters with the state, which is one more of them. Unknown
// filters are refused, all at once.
func zoneFilters(arguments map[string]any) (map[string][]string, error) {
	filters := map[string][]string{}
	if state, given := arguments["state"].(string); given {
		filters["state"] = []string{state}
	}

	known := zoneFacts(zone{}, "")

	var problems []error

	for _, filter := range property.At(arguments, "filters") {
		object, _ := filter.(map[string]any)

		name, _ := object["name"].(string)
		if _, ok := known[name]; !ok {
			problems = append(problems, fmt.Errorf("filter %q of getAvailabilityZones is not simulated; known: %s",
				name, "group-name, opt-in-status, region-name, state, zone-id, zone-name, zone-type"))
		}

		filters[name] = property.Texts(object, "values")
	}

	return filters, errors.Join(problems...)
}

// zoneFacts are what filters can ask of a zone.
func zoneFacts(z zone, region string) map[string]string {
	return map[string]string{
		"group-name": region, "opt-in-status": "opt-in-not-required", "region-name": region, "state": "available",
		"zone-id": z.id, "zone-name": z.name, "zone-type": "availability-zone",
	}
}

func passes(candidate zone, region string, filters map[string][]string) bool {
	facts := zoneFacts(candidate, region)
	for name, values := range filters {
		if !slices.Contains(values, facts[name]) {
			return false
		}
	}

	return true
}
