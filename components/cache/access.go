package cache

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/elasticache"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// valkey is the engine in ElastiCache's API.
const valkey = "valkey"

// access is the privileges of an application: reads, writes and transactions on all keys, but no command that affects
// other clients, such as KEYS and FLUSHALL.
const access = "on ~* -@all +@read +@write +@connection +@transaction -@dangerous"

// userGroup has all users of the cache: one for each application, which logs in by IAM.
func (b *builder) userGroup() (*elasticache.UserGroup, error) {
	ids := make(pulumi.StringArray, 0, len(b.args.Users))

	for _, application := range slices.Sorted(slices.Values(b.args.Users)) {
		user, err := b.user(application)
		if err != nil {
			return nil, err
		}

		ids = append(ids, user.UserId)
	}

	return elasticache.NewUserGroup(b.Ctx, b.Logical("users"), &elasticache.UserGroupArgs{
		UserGroupId: pulumi.String(b.Prefix),
		Engine:      pulumi.String(valkey),
		UserIds:     ids,
		Tags:        b.Tags("users"),
	}, b.Child())
}

// user is an application's login. For IAM authentication its name must equal its id, which is unique in the account.
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
