// Package simulation serves simulated aws and kubernetes providers to the Pulumi engine: they know the types that the
// environments' programs, the account's program and @pulumi/eks create, with the values that a setting can give, and
// refuse everything else.
package simulation

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/apiserver"
	"github.com/msur/platform/rehearsal/simulation/aws"
	"github.com/msur/platform/rehearsal/simulation/faults"
	"github.com/msur/platform/rehearsal/simulation/internet"
	"github.com/msur/platform/rehearsal/simulation/kubernetes"
	"github.com/msur/platform/rehearsal/simulation/provider"
)

// Simulation is the running providers.
type Simulation struct {
	servers  []*provider.Server
	internet *internet.Proxy
}

// Clusters are the clusters of the account.
type Clusters struct {
	// Server is the live control plane of the clusters. If it is nil, the account has the objects in clusters.
	Server *apiserver.Server
	// RealProvider means that the real Kubernetes provider talks to the live control plane, and none is simulated.
	RealProvider bool
}

// Start serves all simulated providers on the account, with the faults of FAULTS. The identity is that of the
// credentials for AWS. The origin adds settings to refusals; it can be nil.
func Start(
	acct *account.Account, written string, clusters Clusters, identity aws.Identity, origin provider.Origin,
) (*Simulation, error) {
	control := clusters.Server
	clouds := clouds(clusters, identity)

	booleans := make(map[string][]string)
	for _, cloud := range clouds {
		maps.Copy(booleans, cloud.Catalogue().Booleans())
	}

	parsed, err := faults.Parse(written, booleans)
	if err != nil {
		return nil, fmt.Errorf("FAULTS: %w", err)
	}

	proxy, err := internet.Serve(acct, control)
	if err != nil {
		return nil, fmt.Errorf("starting the simulation: %w", err)
	}

	simulation := &Simulation{internet: proxy}
	armed := faults.Arm(parsed)

	for _, cloud := range clouds {
		server, err := provider.Serve(cloud, acct, armed, origin)
		if err != nil {
			_ = simulation.Close() // the first error matters

			return nil, fmt.Errorf("starting the simulation: %w", err)
		}

		simulation.servers = append(simulation.servers, server)
	}

	return simulation, nil
}

func clouds(clusters Clusters, identity aws.Identity) []provider.Cloud {
	var authority []byte
	if clusters.Server != nil {
		authority = clusters.Server.Authority()
	}

	found := []provider.Cloud{aws.New(time.Now, authority, identity)}
	if !clusters.RealProvider {
		found = append(found, kubernetes.New(time.Now, clusters.Server))
	}

	return found
}

// Proxy is the value of HTTPS_PROXY: a proxy to the host names that the account gives out.
func (s *Simulation) Proxy() string { return s.internet.URL() }

// DebugProviders is the value of PULUMI_DEBUG_PROVIDERS: "aws:12345,kubernetes:12346".
func (s *Simulation) DebugProviders() string {
	attached := make([]string, len(s.servers))
	for i, server := range s.servers {
		attached[i] = server.Address()
	}

	return strings.Join(attached, ",")
}

// Close stops the providers, and cancels calls that hang.
func (s *Simulation) Close() error {
	for _, server := range s.servers {
		server.Close()
	}

	if err := s.internet.Close(); err != nil {
		return fmt.Errorf("stopping the simulation: %w", err)
	}

	return nil
}
