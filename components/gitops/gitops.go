// Package gitops is how services get into the cluster: Argo CD, which deploys what a repository says, and for each
// application the place in the repository that says it.
//
// Releasing, promoting and rolling back a service is a commit, and no run of the program.
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

// builder declares the resources of one GitOps, step by step.
type builder struct {
	scope.Scope

	args *Args
}

// build declares everything, in the order in which one thing needs another.
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

// namespaces are those that applications are deployed into. They are the program's, so that an application that is
// taken out of the settings leaves nothing, and Argo CD needs no right to any cluster-wide object.
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

// object declares one of Argo CD's own kinds, after others.
func (b *builder) object(
	part, kind, name string, spec pulumi.Map, after ...pulumi.Resource,
) (pulumi.Resource, error) {
	object, err := apiextensions.NewCustomResource(b.Ctx, b.Logical(part), &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String("argoproj.io/v1alpha1"),
		Kind:        pulumi.String(kind),
		Metadata:    metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: pulumi.String(Namespace)},
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, b.Child(), kube.In(b.args.Kubernetes), pulumi.DependsOn(after))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", kind, name, err)
	}

	return object, nil
}
