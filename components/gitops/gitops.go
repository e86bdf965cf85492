// Package gitops is how services get into the cluster: Argo CD, which deploys what a repository says, and for each
// application the place in the repository that says it.
//
// Releasing, promoting and rolling back a service is a commit, and no run of the program.
package gitops

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Args are the inputs of a GitOps. All are required but for CredentialsSecret, Prune, SelfHeal, HighlyAvailable,
// Applications and After.
type Args struct {
	// Environment names the file of a chart's values that a release writes: environments/<environment>.yaml.
	Environment string
	// Repository is the URL of the Git repository that holds the charts, and Revision the branch, tag or commit that is
	// deployed.
	Repository, Revision string
	// CredentialsSecret is the name of the secret in Argo CD's namespace to which a person adds the user name and password
	// of a private repository. The program makes it without: they are no input, and so in no state.
	CredentialsSecret string
	// Prune deletes what the repository does not say any more, and SelfHeal takes back what somebody has changed by hand.
	Prune, SelfHeal bool
	// HighlyAvailable has two of what serves and three of what remembers. It needs three nodes.
	HighlyAvailable bool
	// Applications are deployed each into a namespace of its own.
	Applications []Application
	// After are what applications find when they start: their identities.
	After []pulumi.Resource
	// Kubernetes deploys Argo CD into the cluster.
	Kubernetes *kubernetes.Provider
}

// Application is deployed from the chart in apps/<Name>/chart of the repository.
type Application struct {
	// Name is the application's, and its namespace's.
	Name string
	// Platform is what the chart is told of where it is, its values under "platform".
	Platform pulumi.Map
}

// GitOps is how services get into the cluster.
type GitOps struct {
	pulumi.ResourceState

	// Reach is a command that opens Argo CD's user interface at https://localhost:8080, and Login one that prints the
	// password of the user admin, which Argo CD has made up.
	Reach, Login string
}

// New makes Argo CD and tells it of the applications.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*GitOps, error) {
	component := &GitOps{
		Reach: "kubectl --namespace " + Namespace + " port-forward service/argocd-server 8080:443",
		Login: "kubectl --namespace " + Namespace +
			" get secret argocd-initial-admin-secret --output jsonpath='{.data.password}' | base64 --decode",
	}

	err := ctx.RegisterComponentResource("platform:gitops:GitOps", name, component, opts...)
	if err != nil {
		return nil, fmt.Errorf("registering %s: %w", name, err)
	}

	b := &builder{ctx: ctx, name: name, args: args, component: component}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("making %s: %w", name, err)
	}

	err = ctx.RegisterResourceOutputs(component, pulumi.Map{
		"reach": pulumi.String(component.Reach), "login": pulumi.String(component.Login),
	})
	if err != nil {
		return nil, fmt.Errorf("registering the outputs of %s: %w", name, err)
	}

	return component, nil
}
