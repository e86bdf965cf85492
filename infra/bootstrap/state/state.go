// Package state creates the store of the engine's states: a bucket, and a key that encrypts it and the stacks' secrets.
package state

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// Args are the inputs of a State. All are required except Protect.
type Args struct {
	// Name is the prefix of physical names, such as "platform".
	Name string
	// Place is where the account is. The key's policy names it.
	Place scope.Place
	// Users are patterns of the names of roles that are allowed to use the key, but never to change it.
	Users []string
	// Protect makes the engine refuse to delete the bucket and the key.
	Protect bool
}

// State is a bucket for states and the key that encrypts it. Both stay in the account even if the stack is destroyed:
// without them, the environments' resources are unknown. Each incarnation of the bucket has a new name.
type State struct {
	pulumi.ResourceState

	// BucketName and BucketARN identify the bucket. They wait for the resources that protect it.
	BucketName, BucketARN pulumi.StringOutput
	// KeyID and KeyARN identify the key.
	KeyID, KeyARN pulumi.StringOutput
}

// builder declares the resources of one state, step by step.
type builder struct {
	scope.Scope

	args *Args
}

// New creates a bucket and its key.
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
	component.BucketName, component.BucketARN = waitFor(bucket.Bucket, guards), waitFor(bucket.Arn, guards)

	return component, scoped.RegisterOutputs(pulumi.Map{
		"bucketName": component.BucketName, "keyArn": component.KeyARN,
	})
}

// waitFor makes an output wait for the resources that protect the bucket.
func waitFor(output pulumi.StringOutput, guards []pulumi.Resource) pulumi.StringOutput {
	awaited := []any{output}
	for _, guard := range guards {
		awaited = append(awaited, guard.URN())
	}

	return pulumi.All(awaited...).ApplyT(func(known []any) string { return known[0].(string) }).(pulumi.StringOutput)
}

// kept returns the option of resources that outlive the stack.
func (b *builder) kept() pulumi.ResourceOption {
	return pulumi.Composite(
		b.Child(), pulumi.RetainOnDelete(true), pulumi.Protect(b.args.Protect))
}
