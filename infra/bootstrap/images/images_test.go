package images_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/components/graphtest"
	"github.com/msur/platform/infra/bootstrap/images"
)

const (
	repositoryType = "aws:ecr/repository:Repository"
	lifecycleType  = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
)

func run(t *testing.T, services ...string) *graphtest.Graph {
	t.Helper()

	return graphtest.Run(t, func(ctx *pulumi.Context) error {
		made, err := images.New(ctx, "images", &images.Args{Name: "platform", Services: services})
		if err == nil {
			assert.Len(t, made.URLs, len(services))
		}

		return err
	})
}

// Control A4.
func TestRepositoriesAreScannedEncryptedAndTheirTagsNeverMove(t *testing.T) {
	t.Parallel()

	g := run(t, "flights", "reservations")
	assert.Len(t, g.Customs(), 4)

	for _, service := range []string{"flights", "reservations"} {
		g.One(t, repositoryType, "images-"+service).
			Under("images").
			Has("name", "platform/"+service).
			Has("imageTagMutability", "IMMUTABLE").
			Has("imageScanningConfiguration.scanOnPush", true).
			Has("encryptionConfigurations[0].encryptionType", "KMS").
			HasNo("forceDelete")
	}
}

func TestOnlyOldVersionsAreDeleted(t *testing.T) {
	t.Parallel()

	run(t, "flights").One(t, lifecycleType, "images-flights").
		Under("images").
		DependsOn(repositoryType+"::images-flights").
		JSON("policy", `{"rules": [{
			"rulePriority": 1,
			"description": "The newest are kept",
			"selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 1000},
			"action": {"type": "expire"}
		}]}`)
}

func TestAnAccountWithoutServicesHasNoRepositories(t *testing.T) {
	t.Parallel()

	assert.Empty(t, run(t).Customs())
}
