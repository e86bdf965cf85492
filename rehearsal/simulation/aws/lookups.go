package aws

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// lookUp answers a function about what the account holds, and reports whether it is one.
func (i *instance) lookUp(acct *account.Account, token string, arguments map[string]any) (map[string]any, bool, error) {
	var (
		answer map[string]any
		err    error
	)

	switch token {
	case "aws:cloudwatch/getLogGroups:getLogGroups":
		answer = i.logGroups(acct, arguments)
	case "aws:ec2/getSubnet:getSubnet":
		answer, err = i.one(acct, token, typeSubnet, "EC2 Subnet", arguments)
	case "aws:ec2/getSubnets:getSubnets":
		answer, err = i.ids(acct, typeSubnet, arguments)
	case "aws:ec2/getVpc:getVpc":
		answer, err = i.one(acct, token, typeVPC, "EC2 VPC", arguments)
	case "aws:ec2/getVpcs:getVpcs":
		answer, err = i.ids(acct, typeVPC, arguments)
	case "aws:eks/getClusters:getClusters":
		answer = map[string]any{"names": identifiers(i.held(acct, typeCluster))}
	default:
		return nil, false, nil
	}

	if answer != nil {
		answer["id"] = i.answerID(answer)
	}

	return answer, true, err
}

// answerID is the id of an answer: that of the resource, or the region for a list.
func (i *instance) answerID(answer map[string]any) any {
	if id, given := answer["id"]; given {
		return id
	}

	return i.configuration.region
}

// held are the resources of a type in the instance's region, by id.
func (i *instance) held(acct *account.Account, resourceType string) []account.Resource {
	return acct.Find(func(r account.Resource) bool {
		return r.Type == resourceType && r.Region == i.configuration.region
	})
}

func identifiers(resources []account.Resource) []any {
	ids := make([]any, 0, len(resources))
	for _, found := range resources {
		ids = append(ids, found.ID)
	}

	return ids
}

func (i *instance) logGroups(acct *account.Account, arguments map[string]any) map[string]any {
	prefix, _ := arguments["logGroupNamePrefix"].(string)
	names, arns := []any{}, []any{}

	for _, group := range i.held(acct, typeLogGroup) {
		if strings.HasPrefix(group.ID, prefix) {
			names, arns = append(names, group.ID), append(arns, group.Text("arn"))
		}
	}

	return map[string]any{"logGroupNames": names, "arns": arns}
}

// ids answers with the ids of the resources that have the tags and pass the filters.
func (i *instance) ids(acct *account.Account, resourceType string, arguments map[string]any) (map[string]any, error) {
	tags, err := tagFilters(arguments)
	if err != nil {
		return nil, err
	}

	found := slices.DeleteFunc(i.held(acct, resourceType), func(r account.Resource) bool {
		held, _ := r.Outputs["tags"].(map[string]any)

		return slices.ContainsFunc(slices.Collect(maps.Keys(tags)), func(key string) bool {
			value, _ := held[key].(string)

			return !slices.Contains(tags[key], value)
		})
	})

	answer := property.Clone(arguments)
	answer["ids"] = identifiers(found)

	return answer, nil
}

// tagFilters are the values that each tag may have. Filters other than "tag:<key>" are refused.
func tagFilters(arguments map[string]any) (map[string][]string, error) {
	wanted := make(map[string][]string)

	tags, _ := arguments["tags"].(map[string]any)
	for key, value := range tags {
		text, _ := value.(string)
		wanted[key] = []string{text}
	}

	for _, filter := range property.At(arguments, "filters") {
		object, _ := filter.(map[string]any)
		name, _ := object["name"].(string)

		key, isTag := strings.CutPrefix(name, "tag:")
		if !isTag {
			return nil, fmt.Errorf("filter %q is not simulated; known: tag:<key>", name)
		}

		wanted[key] = property.Texts(object, "values")
	}

	return wanted, nil
}

// one answers with the resource of an id.
func (i *instance) one(
	acct *account.Account, token, resourceType, title string, arguments map[string]any,
) (map[string]any, error) {
	id, _ := arguments["id"].(string)

	found, exists := acct.Get(account.Key{Type: resourceType, ID: id, Region: i.configuration.region})
	if !exists {
		return nil, fmt.Errorf("reading %s: no matching %s found", title, title)
	}

	answer := property.Clone(found.Outputs)
	maps.DeleteFunc(answer, func(name string, _ any) bool {
		return !slices.Contains(i.cloud.described.Functions[token].Outputs, name)
	})

	answer["id"] = id

	return answer, nil
}
