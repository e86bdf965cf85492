// Package kubernetes is the simulated kubernetes provider. Objects belong to the cluster that the provider's settings
// identify.
package kubernetes

import (
	"fmt"
	"slices"
	"sync"
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
	described *catalogue.Catalogue
	table     behaviour.Table
	now       func() time.Time
	// server is the live control plane of EKS's clusters, or nil.
	server *apiserver.Server
}

// New reads the tables. The time goes into timestamps among the outputs. Without a server, clusters are simulated.
func New(now func() time.Time, server *apiserver.Server) (*Cloud, error) {
	described, err := catalogue.Kubernetes()
	if err != nil {
		return nil, fmt.Errorf("making the kubernetes provider: %w", err)
	}

	describe(described)

	table, err := behaviour.NewTable(coreKinds(), helmKinds(), customKinds())
	if err != nil {
		return nil, fmt.Errorf("making the kubernetes provider: %w", err)
	}

	return &Cloud{described: described, table: table, now: now, server: server}, nil
}

// Name is the package's.
func (*Cloud) Name() string { return "kubernetes" }

// Version is the provider's that is simulated.
func (c *Cloud) Version() string { return c.described.Version() }

// Catalogue describes the types' properties.
func (c *Cloud) Catalogue() *catalogue.Catalogue { return c.described }

// CheckStrings accepts all strings: the table has the API server's own checks.
func (*Cloud) CheckStrings(string, resource.PropertyMap) []catalogue.Failure { return nil }

// Table holds the types' behaviour.
func (c *Cloud) Table() behaviour.Table { return c.table }

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
	// joining makes the nodes join once.
	joining sync.Once
}

// Place is the instance's cluster.
func (i *instance) Place() behaviour.Place {
	return behaviour.Place{Cluster: i.configuration.cluster, Now: i.cloud.now}
}

// Adjust makes the provider replace ConfigMaps when their data changes, so that pods see it, unless a setting makes it
// change them in place. Releases need nodes of the instance's cluster.
func (i *instance) Adjust(kind behaviour.Kind) behaviour.Kind {
	switch {
	case kind.Type == typeConfigMap && !i.configuration.mutableConfigMaps:
		kind.ForceNew = append([]string{"data", "binaryData"}, kind.ForceNew...)
	case kind.Type == typeRelease:
		kind.Checks = append(slices.Clone(kind.Checks), i.checkRollout)
	}

	return kind
}

// Invoke refuses every function: the catalogue has none.
func (*instance) Invoke(_ *account.Account, token string, _ map[string]any) (map[string]any, error) {
	return nil, fmt.Errorf("function %s is not simulated", token)
}
