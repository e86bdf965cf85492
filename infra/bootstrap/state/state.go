// Package state is where the engine keeps what it knows of the environments: a bucket, and a key that encrypts it and
// the stacks' secrets.
package state

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of a State. All are required but for Protect.
type Args struct {
	// Name starts every physical name, such as "platform".
	Name string
	// Place is where the account is. The key's policy names it.
	Place scope.Place
	// Users are the names of roles that may use the key, and never change it, as patterns.
	Users []string
	// Protect has the engine refuse to delete the bucket and the key.
	Protect bool
}

// State is a bucket for states and the key that encrypts it. Both stay in the account whatever becomes of the stack:
// without them nobody knows what the environments are made of. The bucket's name is new in each incarnation.
type State struct {
	pulumi.ResourceState

	// BucketName and BucketARN are the bucket's; known once it is closed to all but those who may use it.
	BucketName, BucketARN pulumi.StringOutput
	// KeyID and KeyARN are the key's.
	KeyID, KeyARN pulumi.StringOutput
}

// builder declares the resources of one state, step by step.
type builder struct {
	scope.Scope

	args *Args
}

// New makes a bucket and its key.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*State, error) {
	component := &State{}

	scoped, err := scope.Register(ctx, "platform:state:State", name, args.Name+"-state", component, opts...)
	if err != nil {
		return nil, err
	}

	b := &builder{Scope: scoped, args: args}

	key, err := b.key()
	if err != nil {
		return nil, err
	}

	bucket, err := b.bucket()
	if err != nil {
		return nil, err
	}

	guards, err := b.guard(bucket, key)
	if err != nil {
		return nil, err
	}

	component.KeyID, component.KeyARN = key.KeyId, key.Arn
	component.BucketName, component.BucketARN = once(bucket.Bucket, guards), once(bucket.Arn, guards)

	return component, scoped.RegisterOutputs(pulumi.Map{
		"bucketName": component.BucketName, "keyArn": component.KeyARN,
	})
}

// once makes an output wait for what guards the bucket.
func once(output pulumi.StringOutput, guards []pulumi.Resource) pulumi.StringOutput {
	awaited := []any{output}
	for _, guard := range guards {
		awaited = append(awaited, guard.URN())
	}

	return pulumi.All(awaited...).ApplyT(func(known []any) string { return known[0].(string) }).(pulumi.StringOutput)
}

// kept is for what outlives the stack.
func (b *builder) kept() pulumi.ResourceOption {
	return pulumi.Composite(
		b.Child(), pulumi.RetainOnDelete(true), pulumi.Protect(b.args.Protect))
}
