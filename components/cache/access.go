package cache

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// valkey is ElastiCache's name of the engine.
const valkey = "valkey"

// access is what an application may do: read, write and make transactions of both, on all keys, but nothing that stops
// the others, such as KEYS and FLUSHALL.
const access = "on ~* -@all +@read +@write +@connection +@transaction -@dangerous"

// userGroup is everybody that the cache lets in: one user for each application, by IAM, and nobody else.
func (b *builder) userGroup() (*elasticache.UserGroup, error) {
	ids := make(pulumi.StringArray, 0, len(b.args.Users))

	for _, application := range slices.Sorted(slices.Values(b.args.Users)) {
		user, err := b.user(application)
		if err != nil {
			return nil, err
		}

		ids = append(ids, user.UserId)
	}

	group, err := elasticache.NewUserGroup(b.Ctx, b.Logical("users"), &elasticache.UserGroupArgs{
		UserGroupId: pulumi.String(b.Prefix),
		Engine:      pulumi.String(valkey),
		UserIds:     ids,
		Tags:        b.Tags("users"),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("user group: %w", err)
	}

	return group, nil
}

// user is an application's. IAM wants its name to be its id, which no other environment of the account has.
func (b *builder) user(application string) (*elasticache.User, error) {
	part := "user-" + application
	id := pulumi.String(userID(b.args.Environment, application))

	user, err := elasticache.NewUser(b.Ctx, b.Logical(part), &elasticache.UserArgs{
		UserId:             id,
		UserName:           id,
		Engine:             pulumi.String(valkey),
		AccessString:       pulumi.String(access),
		AuthenticationMode: elasticache.UserAuthenticationModeArgs{Type: pulumi.String("iam")},
		Tags:               b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("user of %s: %w", application, err)
	}

	b.component.Users[application] = User{Name: user.UserName, ARN: user.Arn}

	return user, nil
}

// userID is the id of an application's user.
func userID(environment, application string) string { return environment + "-" + application }
