package aws

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/property"
)

const (
	callerID = "AROAREHEARSALROLE0000"
	session  = "rehearsal"
)

// function is a function of the catalogue.
type function struct {
	// arguments are those that the simulation knows.
	arguments []string
	answer    func(query) (map[string]any, error)
}

// query is a call of a function.
type query struct {
	*instance

	account   *account.Account
	outputs   []string
	arguments map[string]any
}

// functions are the simulated functions by the last part of their tokens.
func functions() map[string]function {
	return map[string]function{
		"getAddonVersion":          {[]string{"addonName", "kubernetesVersion", "mostRecent"}, addonVersion},
		"getInstanceTypeOfferings": {[]string{"filters", "locationType"}, instanceTypeOfferings},
		"getAvailabilityZones":     {[]string{"state"}, availabilityZones},
		"getCallerIdentity":        {nil, callerIdentity},
		"getCluster":               {[]string{"name"}, one(typeCluster, "EKS Cluster", "name")},
		"getClusters":              {nil, query.clusters},
		"getLogGroups":             {[]string{"logGroupNamePrefix"}, query.logGroups},
		"getPartition":             {nil, partitionNames},
		"getRegion":                {nil, regionNames},
		"getSessionContext":        {[]string{"arn"}, sessionContext},
		"getRouteTable":            {[]string{"routeTableId"}, query.routeTable},
		"getRouteTables":           {[]string{"vpcId"}, query.routeTables},
		"getSubnet":                {[]string{"id"}, one(typeSubnet, "EC2 Subnet", "id")},
		"getSubnets":               {[]string{"filters", "tags"}, ids(typeSubnet)},
		"getVpc":                   {[]string{"id"}, one(typeVPC, "EC2 VPC", "id")},
		"getVpcs":                  {[]string{"filters", "tags"}, ids(typeVPC)},
		"getVpcEndpointService":    {[]string{"serviceName", "serviceType"}, endpointService},
	}
}

// Invoke answers a function of the catalogue whose arguments have been checked. The arguments are outputs too.
func (i *instance) Invoke(acct *account.Account, token string, arguments map[string]any) (map[string]any, error) {
	name := token[strings.LastIndex(token, ":")+1:]

	called, known := functions()[name]
	if !known {
		return nil, fmt.Errorf("function %s is not simulated", token)
	}

	for argument := range arguments {
		if !slices.Contains(called.arguments, argument) {
			return nil, fmt.Errorf("argument %s of %s is not simulated; simulated: %s", argument, name,
				strings.Join(called.arguments, ", "))
		}
	}

	answer, err := called.answer(query{
		instance: i, account: acct, arguments: arguments, outputs: i.cloud.Catalogue().Functions[token].Outputs,
	})
	if err != nil {
		return nil, err
	}

	result := property.Clone(arguments)
	if result["id"] == nil {
		result["id"] = i.configuration.region
	}

	maps.Copy(result, answer)

	return result, nil
}

func (q query) text(argument string) string {
	text, _ := q.arguments[argument].(string)

	return text
}

// principal is the ARN of the caller's role or user.
func (q query) principal() string {
	return fmt.Sprintf("arn:%s:iam::%s:%s",
		q.configuration.partition.ID, q.cloud.identity.Account, q.cloud.identity.Principal)
}

// callerIdentity has the ARN of a user, or of a session of a role, which lacks the role's path.
func callerIdentity(q query) (map[string]any, error) {
	id, arn, userID := q.cloud.identity.Account, q.principal(), callerID

	if strings.HasPrefix(q.cloud.identity.Principal, "role/") {
		arn = fmt.Sprintf("arn:%s:sts::%s:assumed-role/%s/%s", q.configuration.partition.ID, id, path.Base(arn), session)
		userID += ":" + session
	}

	return map[string]any{"id": id, "accountId": id, "arn": arn, "userId": userID}, nil
}

// sessionContext finds the role behind a session. Another principal is its own issuer.
func sessionContext(q query) (map[string]any, error) {
	arn := q.text("arn")
	result := map[string]any{"id": arn, "issuerArn": arn, "issuerId": "", "issuerName": "", "sessionName": ""}

	owner, role, assumed := strings.Cut(arn, ":assumed-role/")
	if !assumed {
		return result, nil
	}

	name, session, _ := strings.Cut(role, "/")
	result["issuerArn"] = strings.Replace(owner, ":sts:", ":iam:", 1) + ":role/" + name
	result["issuerName"], result["sessionName"] = name, session

	// IAM knows the path of a role in the account.
	if strings.HasSuffix(owner, ":"+q.cloud.identity.Account) && path.Base(q.principal()) == name {
		result["issuerArn"], result["issuerId"] = q.principal(), callerID
	}

	return result, nil
}

func partitionNames(q query) (map[string]any, error) {
	partition := q.configuration.partition

	labels := strings.Split(partition.Domain, ".")
	slices.Reverse(labels)

	return map[string]any{
		"id": partition.ID, "partition": partition.ID, "dnsSuffix": partition.Domain,
		"reverseDnsPrefix": strings.Join(labels, "."),
	}, nil
}

func regionNames(q query) (map[string]any, error) {
	region := q.configuration.region

	return map[string]any{
		"name": region, "description": region, "endpoint": "ec2." + region + "." + q.configuration.partition.Domain,
	}, nil
}

// availabilityZones returns the region's zones, which are all available.
func availabilityZones(q query) (map[string]any, error) {
	names, ids := []any{}, []any{}

	if state := q.text("state"); state == "" || state == "available" {
		for _, found := range zonesOf(q.configuration.region) {
			names, ids = append(names, found.name), append(ids, found.id)
		}
	}

	return map[string]any{"names": names, "zoneIds": ids, "groupNames": []any{q.configuration.region}}, nil
}

// held are the resources of a type in the instance's region, by id.
func (q query) held(token string) []account.Resource {
	return q.account.Find(func(r account.Resource) bool {
		return r.Type == token && r.Region == q.configuration.region
	})
}

func identifiers(resources []account.Resource) []any {
	ids := []any{}
	for _, found := range resources {
		ids = append(ids, found.ID)
	}

	return ids
}

func (q query) clusters() (map[string]any, error) {
	return map[string]any{"names": identifiers(q.held(typeCluster))}, nil
}

func (q query) logGroups() (map[string]any, error) {
	names, arns := []any{}, []any{}

	for _, group := range q.held(typeLogGroup) {
		if strings.HasPrefix(group.ID, q.text("logGroupNamePrefix")) {
			names, arns = append(names, group.ID), append(arns, group.Text("arn"))
		}
	}

	return map[string]any{"logGroupNames": names, "arns": arns}, nil
}
