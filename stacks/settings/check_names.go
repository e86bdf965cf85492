package settings

import "github.com/msur/platform/components/cache"

// How long names of AWS's are at most whose length the settings decide (IAM API Reference, CreateRole; EKS API
// Reference, CreateNodegroup). Those that the environment's name alone decides need no check: environments are known,
// and a test of package stacks holds all names of theirs to AWS's bounds.
const (
	maxRole      = 64
	maxNodeGroup = 63
)

// longestApp is how long an application's name is at most: it is in that of its user of the cache, and twice in that of
// its role, as namespace and as service account.
func longestApp(environment string) int {
	const times = 2

	return min(cache.MaxUserName(environment), (maxRole-len(environment+"--"))/times)
}

// longestAccount is how long the name of a service account that has a role is at most, in a namespace.
func longestAccount(environment, namespace string) int {
	return maxRole - len(environment+"-"+namespace+"-")
}

// longestKind is how long the name of a kind of nodes is at most: in that of a node group the zone comes after it, and
// digits that the provider adds.
func longestKind(environment string) int {
	const digits = 26

	return maxNodeGroup - len(environment+"-"+"-a-") - digits
}
