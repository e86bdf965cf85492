package gitops

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/internal/kube"
)

// builder declares the resources of one GitOps, step by step.
type builder struct {
	ctx       *pulumi.Context
	name      string
	args      *Args
	component *GitOps
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
		space, err := kube.NewNamespace(b.ctx, b.logical("namespace-"+application.Name), application.Name,
			b.child(), kube.In(b.args.Kubernetes))
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
	object, err := apiextensions.NewCustomResource(b.ctx, b.logical(part), &apiextensions.CustomResourceArgs{
		ApiVersion:  pulumi.String("argoproj.io/v1alpha1"),
		Kind:        pulumi.String(kind),
		Metadata:    metav1.ObjectMetaArgs{Name: pulumi.String(name), Namespace: pulumi.String(Namespace)},
		OtherFields: kubernetes.UntypedArgs{"spec": spec},
	}, b.child(), kube.In(b.args.Kubernetes), pulumi.DependsOn(after))
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", kind, name, err)
	}

	return object, nil
}

// logical is the Pulumi name of a part; it never holds the environment.
func (b *builder) logical(part string) string { return b.name + "-" + part }

// child puts a resource under the component.
func (b *builder) child() pulumi.ResourceOption { return pulumi.Parent(b.component) }
