// Package awsprovider configures AWS for a program: for that of an environment, and for that of the account.
package awsprovider

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Args are what the settings of a program say of AWS.
type Args struct {
	// Region is where everything is made.
	Region string
	// AllowedAccountIDs are the accounts in which it may be made. Where there are none, any is.
	AllowedAccountIDs []string
	// Tags are those of everything.
	Tags map[string]string
}

// New makes the one provider of everything in AWS, so that nothing goes to the region or carries the tags of somebody's
// shell.
func New(ctx *pulumi.Context, args Args) (*aws.Provider, error) {
	// Left out where no account is named: an empty list would be one more difference to look at.
	var allowed pulumi.StringArrayInput
	if len(args.AllowedAccountIDs) > 0 {
		allowed = pulumi.ToStringArray(args.AllowedAccountIDs)
	}

	provider, err := aws.NewProvider(ctx, "aws", &aws.ProviderArgs{
		Region:            pulumi.String(args.Region),
		AllowedAccountIds: allowed,
		DefaultTags:       aws.ProviderDefaultTagsArgs{Tags: pulumi.ToStringMap(args.Tags)},
	})
	if err != nil {
		return nil, fmt.Errorf("configuring the AWS provider: %w", err)
	}

	return provider, nil
}
