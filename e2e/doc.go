// Package e2e deploys an environment as the program declares it to a real Kubernetes API server, where a real Argo CD
// deploys the services from the charts in this working tree. Neither a cloud nor a container runtime is needed:
// the account is the rehearsal's, and nodes are kwok's. `make e2e` builds what its tests run.
package e2e
