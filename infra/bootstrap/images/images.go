// Package images creates the repositories of the services' images.
package images

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ecr"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// kept is how many images are kept, each with its signature, provenance and SBOM. ECR does not know which digests
// charts use, so it is far more than any rollback needs.
const kept = 1000

// Args are the inputs of Images. All are required.
type Args struct {
	// Name is the prefix of the repositories' names, such as "platform" in platform/flights.
	Name string
	// Services are the services that get a repository.
	Services []string
}

// Images are the repositories of the services' images.
type Images struct {
	pulumi.ResourceState

	// URLs are the URLs of the repositories for `docker push`, by service.
	URLs map[string]pulumi.StringOutput
}

// New creates a repository for each service.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Images, error) {
	component := &Images{URLs: make(map[string]pulumi.StringOutput)}

	scoped, err := scope.Register(ctx, "platform:images:Images", name, args.Name, component, opts...)
	if err != nil {
		return nil, err
	}

	urls := pulumi.StringMap{}

	for _, service := range args.Services {
		repository, err := repository(ctx, scoped.Logical(service), args.Name+"/"+service, scoped.Child())
		if err != nil {
			return nil, err
		}

		component.URLs[service], urls[service] = repository.RepositoryUrl, repository.RepositoryUrl
	}

	return component, scoped.RegisterOutputs(pulumi.Map{"urls": urls})
}

// repository creates a repository whose tags are immutable. A repository that contains images is not deleted.
func repository(
	ctx *pulumi.Context, name, physical string, opts ...pulumi.ResourceOption,
) (*ecr.Repository, error) {
	repository, err := ecr.NewRepository(ctx, name, &ecr.RepositoryArgs{
		Name:               pulumi.String(physical),
		ImageTagMutability: pulumi.String("IMMUTABLE"),
		ImageScanningConfiguration: ecr.RepositoryImageScanningConfigurationArgs{
			ScanOnPush: pulumi.Bool(true),
		},
		// With AWS's own key: images are built from public sources, and a key of ours would have to admit every puller.
		EncryptionConfigurations: ecr.RepositoryEncryptionConfigurationArray{
			ecr.RepositoryEncryptionConfigurationArgs{EncryptionType: pulumi.String("KMS")},
		},
		Tags: pulumi.StringMap{"Name": pulumi.String(physical)},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("repository %s: %w", physical, err)
	}

	document, err := lifecycle()
	if err != nil {
		return nil, fmt.Errorf("repository %s: %w", physical, err)
	}

	_, err = ecr.NewLifecyclePolicy(ctx, name, &ecr.LifecyclePolicyArgs{
		Repository: repository.Name, Policy: pulumi.String(document),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("lifecycle of the repository %s: %w", physical, err)
	}

	return repository, nil
}

// lifecycle is what ECR deletes automatically (Amazon ECR User Guide, "Lifecycle policy properties in Amazon ECR"). It
// has no rule for untagged images: because tags are immutable, those are parts of other images, and their attestations.
func lifecycle() (string, error) {
	text, err := json.Marshal(map[string]any{"rules": []any{map[string]any{
		"rulePriority": 1,
		"description":  "The newest are kept",
		"selection":    map[string]any{"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": kept},
		"action":       map[string]any{"type": "expire"},
	}}})
	if err != nil {
		return "", fmt.Errorf("writing a lifecycle policy: %w", err)
	}

	return string(text), nil
}
