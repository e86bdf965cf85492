// Package awsprovider configures the AWS provider of both programs, the environment's and the account's.
package awsprovider

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/config"
)

// New creates the provider of all AWS resources, so that none depends on the region or tags in the user's shell.
func New(ctx *pulumi.Context, settings config.AWS) (*aws.Provider, error) {
	// Omitted if no account is listed, because the provider refuses every account if the list is empty.
	var allowed pulumi.StringArrayInput
	if len(settings.AllowedAccountIDs) > 0 {
		allowed = pulumi.ToStringArray(settings.AllowedAccountIDs)
	}

	return aws.NewProvider(ctx, "aws", &aws.ProviderArgs{
		Region:            pulumi.String(settings.Region),
		AllowedAccountIds: allowed,
		DefaultTags:       aws.ProviderDefaultTagsArgs{Tags: pulumi.ToStringMap(settings.DefaultTags.Tags)},
	})
}
