// Package scope names resources: in Pulumi, in AWS, by ARN and by host name.
package scope

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Scope names the resources of one component, and makes them its children.
type Scope struct {
	// Ctx creates the resources.
	Ctx *pulumi.Context
	// Name is the component's name in Pulumi, and the prefix of its resources' names there. It never contains the
	// environment.
	Name string
	// Prefix is the prefix of the names in AWS, such as "sandbox-network". It never contains Name, which may change.
	Prefix string
	// Component is the parent of the resources.
	Component pulumi.ComponentResource
}

// Register registers a component of a type such as "platform:network:Network", and returns its scope.
func Register(
	ctx *pulumi.Context, kind, name, prefix string, component pulumi.ComponentResource, opts ...pulumi.ResourceOption,
) (Scope, error) {
	if err := ctx.RegisterComponentResource(kind, name, component, opts...); err != nil {
		return Scope{}, fmt.Errorf("registering %s: %w", name, err)
	}

	return Scope{Ctx: ctx, Name: name, Prefix: prefix, Component: component}, nil
}

// RegisterOutputs completes the component.
func (s Scope) RegisterOutputs(outputs pulumi.Map) error {
	if err := s.Ctx.RegisterResourceOutputs(s.Component, outputs); err != nil {
		return fmt.Errorf("registering the outputs of %s: %w", s.Name, err)
	}

	return nil
}

// Logical is the name of a part of the component in Pulumi.
func (s Scope) Logical(part string) string { return s.Name + "-" + part }

// Physical is the name of a part in AWS, or of the component itself if the part is "".
func (s Scope) Physical(part string) string {
	if part == "" {
		return s.Prefix
	}

	return s.Prefix + "-" + part
}

// Tags has the tag Name, which is the physical name.
func (s Scope) Tags(part string) pulumi.StringMap {
	return pulumi.StringMap{"Name": pulumi.String(s.Physical(part))}
}

// Child makes a resource a child of the component.
func (s Scope) Child() pulumi.ResourceOption { return pulumi.Parent(s.Component) }

// ReplaceUnfinished makes the next update replace a resource whose creation failed after AWS had accepted it, as
// Terraform does. Without it, the provider finds no difference and the update succeeds, although the resource does not
// work: a NAT gateway in the state failed, a node group whose nodes never joined. The path is the engine's name for
// such an error (pulumi/pulumi, pkg/resource/deploy/step_generator.go, initErrorSpecialKey).
func (Scope) ReplaceUnfinished() pulumi.ResourceOption {
	return pulumi.ReplaceOnChanges([]string{"#initerror"})
}
