package gitops_test

import (
	"fmt"
	"log"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/components/gitops"
	"github.com/msur/platform/components/graphtest"
)

func Example() {
	program := func(ctx *pulumi.Context) error {
		provider, err := kubernetes.NewProvider(ctx, "sandbox", &kubernetes.ProviderArgs{Context: pulumi.String("sandbox")})
		if err != nil {
			return err
		}

		argo, err := gitops.New(ctx, "gitops", &gitops.Args{
			Environment: "sandbox",
			Repository:  "https://github.com/msur/platform.git",
			Revision:    "main",
			Prune:       true,
			SelfHeal:    true,
			Applications: []gitops.Application{
				{Name: "flights", Platform: pulumi.Map{"path": pulumi.String("/flights")}},
			},
			Kubernetes: provider,
		})
		if err != nil {
			return err
		}

		ctx.Export("argoCD", pulumi.String(argo.Reach))

		return nil
	}

	// This example runs under mocks. Your own program would call pulumi.Run(program).
	made, err := graphtest.Try(program)
	if err != nil {
		log.Fatal(err)
	}

	for _, resource := range made.Customs() {
		fmt.Println(resource.Type, resource.Name)
	}

	// Output:
	// kubernetes:argoproj.io/v1alpha1:AppProject gitops-project
	// kubernetes:argoproj.io/v1alpha1:ApplicationSet gitops-applications
	// kubernetes:core/v1:Namespace gitops-namespace
	// kubernetes:core/v1:Namespace gitops-namespace-flights
	// kubernetes:helm.sh/v3:Release gitops-argocd
}
