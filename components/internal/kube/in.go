package kube

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// In deploys a resource into the cluster of a provider, and has it go with that cluster: nobody waits for finalizers of
// objects that are about to vanish, nor for an API server that is gone.
//
// It is the provider, not the cluster, that they are deleted with. The engine replaces both together, but deletes the
// component of the cluster in a destroy alone, and does not count the replaced resource itself among what is deleted;
// besides, it has closed the provider when it comes to the objects (docs/decisions/0014).
func In(provider pulumi.ProviderResource) pulumi.ResourceOption {
	return pulumi.Composite(pulumi.Provider(provider), pulumi.DeletedWith(provider))
}
