// Package gitops deploys services into the cluster: Argo CD, and for each application its chart in a Git repository.
//
// Releasing, promoting and rolling back a service is a commit, not a run of the program.
package gitops

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/kube"
	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of a GitOps. All are required except CredentialsSecret, Prune, SelfHeal, HighlyAvailable,
// Applications and After.
type Args struct {
	// Environment is the name of the values file that a release writes: environments/<environment>.yaml.
	Environment string
	// Repository is the URL of the Git repository that holds the charts, and Revision the branch, tag or commit that is
	// deployed.
	Repository, Revision string
	// CredentialsSecret is the name of the secret in Argo CD's namespace to which an operator adds the user name and
	// password of a private repository. The program creates it without them, so they are in no state.
	CredentialsSecret string
	// Prune deletes objects that the repository no longer has, and SelfHeal reverts manual changes.
	Prune, SelfHeal bool
	// HighlyAvailable runs two replicas of each server and three Redises. It needs three nodes.
	HighlyAvailable bool
	// Applications are deployed each into a namespace of its own.
	Applications []Application
	// After are the resources that applications need when they start: their identities.
	After []pulumi.Resource
	// Kubernetes deploys Argo CD into the cluster.
	Kubernetes *kubernetes.Provider
}

// Application is deployed from the chart in apps/<Name>/chart of the repository.
type Application struct {
	// Name is the name of the application and of its namespace.
	Name string
	// Platform are the chart's values under "platform", which the environment decides.
	Platform pulumi.Map
}

// GitOps deploys services into the cluster.
type GitOps struct {
	pulumi.ResourceState

	// Reach is a command that opens Argo CD's user interface at https://localhost:8080. Login is a command that prints the
	// generated password of the user admin.
	Reach, Login string
}

// New creates Argo CD and its applications.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*GitOps, error) {
	component := &GitOps{
		Reach: "kubectl --namespace " + Namespace + " port-forward service/argocd-server 8080:443",
		Login: "kubectl --namespace " + Namespace +
			" get secret argocd-initial-admin-secret --output jsonpath='{.data.password}' | base64 --decode",
	}

	scoped, err := scope.Register(ctx, "platform:gitops:GitOps", name, args.Environment+"-gitops", component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{Scope: scoped, args: args}
	if err := b.build(); err != nil {
		return nil, fmt.Errorf("creating %s: %w", name, err)
	}

	return component, scoped.RegisterOutputs(pulumi.Map{
		"reach": pulumi.String(component.Reach), "login": pulumi.String(component.Login),
	})
}

// builder creates the resources of one GitOps.
type builder struct {
	scope.Scope

	args *Args
}

// build creates each resource after those that it needs.
func (b *builder) build() error {
	argo, err := b.argoCD()
	if err != nil {
		return err
	}

	if b.args.CredentialsSecret != "" {
		if err := b.credentials(argo); err != nil {
			return err
		}
	}

	project, err := b.object("project", "AppProject", projectName, b.project(), argo)
	if err != nil {
		return err
	}

	before, err := b.namespaces()
	if err != nil {
		return err
	}

	_, err = b.object("applications", "ApplicationSet", "applications", b.applications(),
		slices.Concat(b.args.After, before, []pulumi.Resource{project})...)

	return err
}

// namespaces creates the namespaces of the applications. The program owns them, so that an application that is removed
// from the settings leaves nothing, and Argo CD needs no permission for cluster-wide objects.
func (b *builder) namespaces() ([]pulumi.Resource, error) {
	var made []pulumi.Resource

	for _, application := range b.args.Applications {
		space, err := kube.NewNamespace(b.Ctx, b.Logical("namespace-"+application.Name), application.Name,
			b.Child(), kube.In(b.args.Kubernetes))
		if err != nil {
			return nil, fmt.Errorf("application %s: %w", application.Name, err)
		}

		made = append(made, space)
	}

	return made, nil
}

// object creates an object of one of Argo CD's own kinds, after others.
func (b *builder) object(
	part, kind, name string, spec pulumi.Map, after ...pulumi.Resource,
) (pulumi.Resource, error) {
	return apiextensions.NewCustomResource(b.Ctx, b.Logical(part), &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String("argoproj.io/v1alpha1"),
		Kind:        pulumi.String(kind),
		Metadata:    metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: pulumi.String(Namespace)},
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, b.Child(), kube.In(b.args.Kubernetes), pulumi.DependsOn(after))
}
