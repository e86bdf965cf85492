// Package e2e deploys environments to a real Kubernetes API server, on which a real Argo CD deploys the services from
// the charts in this working tree. The tests need neither a cloud nor a container runtime: the account is simulated by
// the rehearsal, and the nodes by kwok. `make e2e` builds the tools.
package e2e
