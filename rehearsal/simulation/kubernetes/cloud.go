// Package kubernetes is the simulated kubernetes provider. Objects belong to the cluster that the provider's settings
// identify.
package kubernetes

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/catalogue"
	"github.com/msur/platform/rehearsal/simulation/provider"
)

// Cloud is the kubernetes provider.
type Cloud struct {
	provider.Description

	now func() time.Time
	// server is the live control plane of EKS's clusters, or nil.
	server *apiserver.Server
}

// New returns the provider. The time goes into timestamps among the outputs. Without a server, clusters are simulated.
func New(now func() time.Time, server *apiserver.Server) *Cloud {
	described := catalogue.Kubernetes()
	describe(described)

	return &Cloud{
		Description: provider.Describe("kubernetes", described, append(kinds(), customKinds()...)), now: now, server: server,
	}
}

// Check accepts everything: the table has the API server's own checks.
func (*instance) Check(_ behaviour.Kind, _, _ resource.PropertyMap) []catalogue.Failure { return nil }

// Configure starts an instance of the provider on the cluster of its settings.
func (c *Cloud) Configure(settings resource.PropertyMap) (provider.Instance, error) {
	configured := &instance{cloud: c, configuration: configure(settings)}
	if isEKS(configured.configuration.server) {
		configured.live = c.server
	}

	return configured, nil
}

// ReplacesOn replaces everything when the cluster changes.
func (*Cloud) ReplacesOn(old, settings resource.PropertyMap) []string {
	before, after := configure(old), configure(settings)
	if before.cluster == after.cluster {
		return nil
	}

	if before.identified || after.identified {
		return []string{"clusterIdentifier"}
	}

	return []string{"kubeconfig"}
}

// instance is one configured provider.
type instance struct {
	cloud         *Cloud
	configuration configuration
	// live is the control plane that has the objects; nil where the account has them.
	live *apiserver.Server
}

// Place is the instance's cluster.
func (i *instance) Place() behaviour.Place {
	return behaviour.Place{
		Cluster: i.configuration.cluster, Constants: map[string]string{"server": i.configuration.server}, Now: i.cloud.now,
	}
}

// Invoke refuses every function: the catalogue has none.
func (*instance) Invoke(_ *account.Account, token string, _ map[string]any) (map[string]any, error) {
	return nil, fmt.Errorf("function %s is not simulated", token)
}
