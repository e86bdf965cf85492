package graphtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// errNotFound is the error of AWS's data sources.
var errNotFound = errors.New("couldn't find resource")

// function answers a function of a provider in a region.
type function func(arguments resource.PropertyMap, region string) (map[string]any, error)

// returns makes a function that always returns the same answer.
func returns(answer map[string]any) function {
	return func(resource.PropertyMap, string) (map[string]any, error) { return answer, nil }
}

// functions returns the answers of the account that the rehearsal simulates, in which nothing is deployed.
func functions() map[string]function {
	all := map[string]function{
		"aws:cloudwatch/getLogGroups:getLogGroups": returns(map[string]any{
			"id": Region, "arns": []any{}, "logGroupNames": []any{},
		}),
		"aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": instanceTypeOfferings,
		"aws:ec2/getVpcEndpointService:getVpcEndpointService":       endpointService,
		"aws:eks/getAddonVersion:getAddonVersion":                   addonVersion,
		"aws:eks/getClusters:getClusters":                           returns(map[string]any{"id": Region, "names": []any{}}),
		"aws:iam/getSessionContext:getSessionContext":               session,
		"aws:index/getAvailabilityZones:getAvailabilityZones":       zones,
		"aws:index/getCallerIdentity:getCallerIdentity": returns(map[string]any{
			"accountId": AccountID,
			"arn":       "arn:aws:sts::" + AccountID + ":assumed-role/" + Deployer + "/session",
			"userId":    "AROAEXAMPLE:session",
		}),
		"aws:index/getPartition:getPartition": returns(map[string]any{
			"partition": "aws", "dnsSuffix": "amazonaws.com", "reverseDnsPrefix": "com.amazonaws",
		}),
	}
	maps.Copy(all, existing())

	return all
}

// zones returns the zones of a region. Letters and IDs are in different orders. EKS refuses zone e of us-east-1. The
// account has also opted in to a Local Zone, which has no control plane either.
func zones(_ resource.PropertyMap, region string) (map[string]any, error) {
	prefix := region
	if region == Region {
		prefix = "use1"
	}

	names, ids := []any{region + "-bos-1a"}, []any{prefix + "-bos1-az1"}

	for i, letter := range []string{"a", "b", "c", "d", "e", "f"} {
		names = append(names, region+letter)
		ids = append(ids, fmt.Sprintf("%s-az%d", prefix, []int{6, 1, 2, 4, 3, 5}[i]))
	}

	return map[string]any{"names": names, "zoneIds": ids}, nil
}

// endpointService returns the interface endpoint that AWS offers for a service in a region. EKS has none in zone f, and
// DynamoDB's has no private DNS name.
func endpointService(arguments resource.PropertyMap, region string) (map[string]any, error) {
	if kind := arguments["serviceType"]; !kind.IsString() || kind.StringValue() != "Interface" {
		return nil, fmt.Errorf("graphtest has only services of the type Interface, got %v", kind)
	}

	name := arguments["serviceName"].StringValue()

	service, here := strings.CutPrefix(name, "com.amazonaws."+region+".")
	if !here || !slices.Contains([]string{"dynamodb", "ecr.api", "ecr.dkr", "eks", "logs", "sts"}, service) {
		return nil, errNotFound
	}

	zones := []any{}

	for _, letter := range "abcdef" {
		if service != "eks" || letter != 'f' {
			zones = append(zones, region+string(letter))
		}
	}

	answer := map[string]any{"serviceName": name, "serviceType": "Interface", "availabilityZones": zones}
	if service != "dynamodb" {
		answer["privateDnsName"] = service + "." + region + ".amazonaws.com"
	}

	return answer, nil
}

// instanceTypeOfferings returns the zones with each type. EC2 has no m7g.large in zone f, and m9g.large nowhere.
func instanceTypeOfferings(arguments resource.PropertyMap, region string) (map[string]any, error) {
	types, locations := []any{}, []any{}

	for _, name := range arguments["filters"].ArrayValue()[0].ObjectValue()["values"].ArrayValue() {
		for _, letter := range "abcdef" {
			if !strings.HasPrefix(name.StringValue(), "m9g.") && (name.StringValue() != "m7g.large" || letter != 'f') {
				types, locations = append(types, name.StringValue()), append(locations, region+string(letter))
			}
		}
	}

	return map[string]any{"instanceTypes": types, "locations": locations}, nil
}

// addonVersion returns the default version of an add-on for a minor, which contains the minor, or the latest one.
func addonVersion(arguments resource.PropertyMap, _ string) (map[string]any, error) {
	name, minor := arguments["addonName"].StringValue(), arguments["kubernetesVersion"].StringValue()

	known := []string{
		"aws-ebs-csi-driver", "coredns", "eks-pod-identity-agent", "kube-proxy", "metrics-server", "vpc-cni",
	}
	if !slices.Contains(known, name) {
		return nil, errNotFound
	}

	version := fmt.Sprintf("v%s.0-eksbuild.1", minor)
	if latest := arguments["mostRecent"]; latest.IsBool() && latest.BoolValue() {
		version = "v2.0.0-eksbuild.1"
	}

	return map[string]any{"id": name, "addonName": name, "kubernetesVersion": minor, "version": version}, nil
}

// session returns the role of an assumed role's session. The account's roles have no paths.
func session(arguments resource.PropertyMap, _ string) (map[string]any, error) {
	arn := arguments["arn"].StringValue()
	issuer := arn

	if _, assumed, ok := strings.Cut(arn, ":assumed-role/"); ok {
		role, _, _ := strings.Cut(assumed, "/")
		issuer = fmt.Sprintf("arn:aws:iam::%s:role/%s", AccountID, role)
	}

	return map[string]any{"id": arn, "arn": arn, "issuerArn": issuer}, nil
}
