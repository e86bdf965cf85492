package settings

import (
	"maps"
	"slices"
	"strings"

	cachengine "github.com/msur/platform/components/cache/engine"
	"github.com/msur/platform/components/cluster"
	"github.com/msur/platform/components/cluster/nodes"
	"github.com/msur/platform/components/cluster/versions"
	"github.com/msur/platform/components/database/engine"
	"github.com/msur/platform/components/network"
	"github.com/msur/platform/components/network/layout"
)

// anyStep stands in a key's path for the name of a member that a person chooses, or for an index.
const anyStep = "*"

// Keys returns the path of every setting, in order. A * in it stands for any name or index.
func Keys() []string {
	all := slices.Sorted(maps.Keys(keys()))

	return slices.DeleteFunc(slices.Clone(all), func(path string) bool {
		return slices.ContainsFunc(all, func(other string) bool { return isPart(other, path) })
	})
}

// key says what a setting wants, for whoever got it wrong.
type key struct {
	// wants completes the sentence "want …".
	wants string
	// part is what an element of a list or a member of a map wants.
	part string
	// example is a value that is right in most environments; where there is none, a wrong value is taken away,
	// so that its default holds or the next run says more.
	example string
}

// keys are the settings by their paths, and the objects and lists of settings that are more than their members.
func keys() map[string]key {
	all := map[string]key{
		"aws:region": {wants: "an AWS region", example: "us-east-1"},
		"aws:allowedAccountIds": {
			wants: "a list of account ids", part: "an account's id of 12 digits, in quotes where it starts with 0",
		},
		"aws:defaultTags.tags": {wants: "the tags Environment, Project and ManagedBy", part: "a text"},

		"platform:network.cidr": {wants: "an IPv4 CIDR between /16 and /20", example: "10.10.0.0/16"},
		"platform:network.zones": {
			wants: "the letters of at least two zones", part: "a letter from " + layout.FirstZone + " to " + layout.LastZone,
		},
		"platform:network.nat": {wants: "none, single or perZone", example: string(network.NATSingle)},
		"platform:network.interfaceEndpoints": {
			wants: "a list of AWS services other than s3 and dynamodb", part: "an AWS service's name, such as ecr.api",
		},
		"platform:network.flowLogTraffic": {wants: choice(network.Traffics()), example: string(network.TrafficAll)},
		"platform:network.domain":         {wants: "a domain name", example: "msur-vpc.com"},
	}

	maps.Copy(all, clusterKeys())
	maps.Copy(all, nodeKeys())
	maps.Copy(all, addonKeys())
	maps.Copy(all, storeKeys())
	maps.Copy(all, gitOpsKeys())
	maps.Copy(all, appKeys())

	return all
}

func clusterKeys() map[string]key {
	principals := key{
		wants: "a list of IAM roles and users",
		part:  "an IAM role or user: role/<name>, user/<name>, or an ARN where it is of another account",
	}

	return map[string]key{
		clusterPath + ".version": {
			wants:   "a Kubernetes minor in quotes, one of " + strings.Join(versions.Known(), ", "),
			example: "1.35",
		},
		clusterPath + ".admins":            principals,
		clusterPath + ".auditors":          principals,
		clusterPath + ".viewers":           principals,
		clusterPath + ".publicAccessCidrs": {wants: "a list of IPv4 CIDRs", part: "an IPv4 CIDR, such as 203.0.113.0/24"},
		clusterPath + ".logTypes": {
			wants: "a list of control-plane logs", part: "one of " + choice(cluster.LogTypes()),
		},
		clusterPath + ".nodes":  {wants: "an object of kinds of nodes, by name"},
		clusterPath + ".addons": {wants: "an object of EKS add-ons, by name"},
	}
}

func nodeKeys() map[string]key {
	const path = clusterPath + ".nodes." + anyStep

	return map[string]key{
		path + ".instanceTypes": {wants: "a list of EC2 instance types", part: "an EC2 instance type, such as t4g.medium"},
		path + ".architecture":  {wants: choice(nodes.Architectures())},
		path + ".capacity":      {wants: choice(nodes.Capacities())},
		path + ".min":           {wants: "a whole number of nodes in each zone", example: "1"},
		path + ".max":           {wants: "a whole number of nodes in each zone", example: "1"},
		path + ".diskGiB":       {wants: "a whole number of GiB"},
		path + ".labels": {
			wants: "an object of labels, by their keys", part: "a text, in quotes where it is true or false",
		},
		path + ".taints":           {wants: "a list of taints"},
		path + ".taints[*].key":    {wants: "the key of a taint", example: "dedicated"},
		path + ".taints[*].value":  {wants: "a text, in quotes where it is true or false"},
		path + ".taints[*].effect": {wants: choice(nodes.Effects()), example: string(nodes.NoSchedule)},
	}
}

func addonKeys() map[string]key {
	const path = clusterPath + ".addons." + anyStep

	return map[string]key{
		path + ".version":        {wants: "a version as EKS writes them, such as v1.20.4-eksbuild.2"},
		path + ".values":         {wants: "an object, by the keys of the add-on's own schema"},
		path + ".role.namespace": {wants: "the name of a namespace"},
		path + ".role.serviceAccount": {
			wants: "the name of the add-on's service account",
		},
		path + ".role.policies": {
			wants: "a list of ARNs of managed policies",
			part:  "the ARN of a managed policy, such as arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicy",
		},
	}
}

func storeKeys() map[string]key {
	return map[string]key{
		databasePath + ".version":             {wants: "in quotes, " + choice(engine.Known()), example: "8.4"},
		databasePath + ".instanceClass":       {wants: "an instance class that runs MySQL 8.4", example: "db.t4g.small"},
		databasePath + ".multiAz":             {wants: truth},
		databasePath + ".storageGiB":          {wants: storageBounds().String() + ", in GiB", example: "20"},
		databasePath + ".maxStorageGiB":       {wants: growthBounds().String() + ", in GiB"},
		databasePath + ".backupRetentionDays": {wants: backupBounds().String(), example: "7"},
		databasePath + ".parameters": {
			wants: "an object of MySQL's parameters, by name", part: "a text, in quotes where it is a number, true or false",
		},
		cachePath + ".version":               {wants: "in quotes, " + choice(cachengine.Known()), example: "8.2"},
		cachePath + ".nodeType":              {wants: "a node type that runs Valkey 8", example: "cache.t4g.micro"},
		cachePath + ".replicas":              {wants: replicaBounds().String(), example: "0"},
		cachePath + ".snapshotRetentionDays": {wants: snapshotBounds().String(), example: "7"},
	}
}

func gitOpsKeys() map[string]key {
	return map[string]key{
		gitOpsPath + ".repository":        {wants: "the URL of a Git repository, https://… or ssh://…, without a password"},
		gitOpsPath + ".revision":          {wants: "a branch, a tag or a commit", example: "main"},
		gitOpsPath + ".credentialsSecret": {wants: "the name of a secret in the cluster"},
		gitOpsPath + ".prune":             {wants: truth},
		gitOpsPath + ".selfHeal":          {wants: truth},
		gitOpsPath + ".highlyAvailable":   {wants: truth},
	}
}

// truth is what a switch wants.
const truth = "true or false"

func appKeys() map[string]key {
	return map[string]key{
		"platform:environment.protect": {wants: truth},
		boundaryPath:                   {wants: "the name of a policy, such as platform-boundary"},
		runnerPath:                     {wants: "the URL of a GitHub repository, https://github.com/<owner>/<name>"},
		"platform:ingress.certificateArn": {
			wants: "the ARN of a certificate of ACM, such as arn:aws:acm:us-east-1:123456789012:certificate/<id>",
		},
		"platform:ingress.host":            {wants: "a host name", example: "flightsvc.com"},
		appsPath:                           {wants: "an object of applications, by name"},
		appsPath + "." + anyStep + ".path": {wants: "the path of its requests, such as /flights"},
		appsPath + "." + anyStep + ".needs": {
			wants: "a list of stores", part: choice(Needs()),
		},
	}
}

// choice lists what a setting can be: "a, b or c".
func choice[T ~string](choices []T) string {
	words := make([]string, 0, len(choices))
	for _, one := range choices {
		words = append(words, string(one))
	}

	last := len(words) - 1
	if last == 0 {
		return words[0]
	}

	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// keyOf returns the key at path, which may also be a part of its value, or an object of which keys are members.
func keyOf(path string) key {
	var (
		part    key
		members []string
	)

	all, at := keys(), steps(path)

	// A key comes after that of the object that it is in, and so what is said last is most particular.
	for _, name := range slices.Sorted(maps.Keys(all)) {
		known := steps(name)
		shared := min(len(at), len(known))

		switch {
		case !slices.EqualFunc(known[:shared], at[:shared], isStep):
		case len(at) == len(known):
			return all[name]
		case len(at) > len(known):
			part = key{wants: all[name].part}
		default:
			members = append(members, known[shared])
		}
	}

	if len(members) > 0 {
		return key{wants: "an object of " + strings.Join(slices.Compact(members), ", ")}
	}

	return part
}

// isStep reports whether a step of a path is the known one.
func isStep(known, step string) bool { return known == anyStep || known == step }
