package graphtest

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
)

// The component of @pulumi/eks, and the one of its children that programs read.
const (
	clusterComponent = "eks:index:Cluster"
	clusterType      = "aws:eks/cluster:Cluster"
)

// cluster is the child in the eyes of the SDK.
type cluster struct{ pulumi.CustomResourceState }

// makeCluster makes of the component's children the cluster itself, as @pulumi/eks 2.8.1 does, transforms and all,
// and returns the component's outputs. The component runs in a process of its own, which mocks do not start; the
// rehearsal does, and makes the others too.
func (r *recorder) makeCluster(args pulumi.MockResourceArgs) (resource.PropertyMap, error) {
	name := args.Name + "-eksCluster"

	made, err := transform(args.RegisterRPC.GetTransforms(), name, described{inputs: clusterInputs(args)})
	if err != nil {
		return nil, err
	}

	var child cluster

	err = r.context.RegisterResource(clusterType, name, pulumi.ToMap(made.inputs.Mappable()), &child,
		pulumi.Protect(made.protect))
	if err != nil {
		return nil, fmt.Errorf("registering the child of %s: %w", args.Name, err)
	}

	urns := make(chan pulumi.URN, 1)

	child.URN().ApplyT(func(urn pulumi.URN) pulumi.URN {
		urns <- urn

		return urn
	})

	urn := resource.URN(<-urns)
	r.adopt(urn, args)

	state := args.Inputs.Copy()
	state["eksCluster"] = resource.MakeCustomResourceReference(urn, resource.ID(clusterName(made.inputs)), "")

	return state, nil
}

// adopt puts the child under the component, with the component's provider.
func (r *recorder) adopt(child resource.URN, component pulumi.MockResourceArgs) {
	r.mutex.Lock()
	defer r.mutex.Unlock()

	for _, registered := range r.resources {
		if registered.URN == child {
			registered.Parent = r.urnOf(component)
			registered.Provider = component.RegisterRPC.GetProviders()["aws"]
		}
	}
}

// clusterInputs are what the component gives to its cluster, as far as programs say it.
func clusterInputs(component pulumi.MockResourceArgs) resource.PropertyMap {
	given := component.Inputs
	network := resource.PropertyMap{"subnetIds": given["subnetIds"]}
	inputs := resource.PropertyMap{
		"accessConfig": resource.NewProperty(resource.PropertyMap{
			"authenticationMode":                      given["authenticationMode"],
			"bootstrapClusterCreatorAdminPermissions": resource.NewProperty(true),
		}),
		"vpcConfig": resource.NewProperty(network),
	}

	for _, name := range []resource.PropertyKey{"endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs"} {
		copyGiven(network, given, name)
	}

	for _, name := range []resource.PropertyKey{nameProperty, "version", "enabledClusterLogTypes"} {
		copyGiven(inputs, given, name)
	}

	if key := given["encryptionConfigKeyArn"]; key.IsString() {
		inputs["encryptionConfig"] = resource.NewProperty(resource.PropertyMap{
			"provider":  resource.NewProperty(resource.PropertyMap{"keyArn": key}),
			"resources": resource.NewProperty([]resource.PropertyValue{resource.NewProperty("secrets")}),
		})
	}

	return inputs
}

func copyGiven(to, from resource.PropertyMap, name resource.PropertyKey) {
	if value, given := from[name]; given {
		to[name] = value
	}
}

// clusterOutputs are what EKS makes with a cluster, as far as programs read it.
func clusterOutputs(state resource.PropertyMap) {
	id := clusterName(state)
	state["arn"] = resource.NewProperty(arnOf(clusterType, "cluster/"+id))
	state["endpoint"] = resource.NewProperty("https://" + id + ".eks.example.com")
	state["certificateAuthority"] = resource.NewProperty(resource.PropertyMap{"data": resource.NewProperty("Q0E=")})

	network := state["vpcConfig"].ObjectValue().Copy()
	network["clusterSecurityGroupId"] = resource.NewProperty("SecurityGroup-eks-" + id)
	state["vpcConfig"] = resource.NewProperty(network)
}

// nodeGroupOutputs are what EKS makes with a node group, as far as programs read it.
func nodeGroupOutputs(state resource.PropertyMap) {
	name := state["nodeGroupNamePrefix"].StringValue() + "1"
	state["nodeGroupName"] = resource.NewProperty(name)
	state["resources"] = resource.NewPropertyValue([]any{
		map[string]any{"autoscalingGroups": []any{map[string]any{"name": "eks-" + name}}},
	})
}

// clusterName is also the cluster's id.
func clusterName(inputs resource.PropertyMap) string { return inputs[nameProperty].StringValue() }

// described is what is said of a resource, as far as programs transform it.
type described struct {
	inputs  resource.PropertyMap
	protect bool
}

// transform applies the program's transforms, which its SDK serves, as the engine does.
func transform(transforms []*pulumirpc.Callback, name string, said described) (described, error) {
	for _, callback := range transforms {
		transformed, err := call(callback, name, said)
		if err != nil {
			return described{}, fmt.Errorf("transforming %s: %w", name, err)
		}

		said = transformed
	}

	return said, nil
}

// call asks a transform, and takes what it answers for what is said.
func call(callback *pulumirpc.Callback, name string, said described) (described, error) {
	options := plugin.MarshalOptions{KeepSecrets: true, KeepResources: true}

	properties, err := plugin.MarshalProperties(said.inputs, options)
	if err != nil {
		return described{}, fmt.Errorf("marshalling the inputs: %w", err)
	}

	transformed, err := invokeTransform(callback, &pulumirpc.TransformRequest{
		Type: clusterType, Name: name, Custom: true, Properties: properties,
		Options: &pulumirpc.TransformResourceOptions{Protect: &said.protect},
	})
	if err != nil || transformed.GetProperties() == nil {
		return said, err
	}

	inputs, err := plugin.UnmarshalProperties(transformed.GetProperties(), options)
	if err != nil {
		return described{}, fmt.Errorf("unmarshalling the transformed inputs: %w", err)
	}

	return described{inputs: inputs, protect: transformed.GetOptions().GetProtect()}, nil
}

// invokeTransform sends a request to the program.
func invokeTransform(
	callback *pulumirpc.Callback, asked *pulumirpc.TransformRequest,
) (*pulumirpc.TransformResponse, error) {
	request, err := proto.Marshal(asked)
	if err != nil {
		return nil, fmt.Errorf("marshalling the request: %w", err)
	}

	connection, err := grpc.NewClient(callback.GetTarget(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, fmt.Errorf("connecting to the program: %w", err)
	}
	defer connection.Close()

	answer, err := pulumirpc.NewCallbacksClient(connection).Invoke(context.Background(),
		&pulumirpc.CallbackInvokeRequest{Token: callback.GetToken(), Request: request})
	if err != nil {
		return nil, fmt.Errorf("asking the program: %w", err)
	}

	var transformed pulumirpc.TransformResponse
	if err := proto.Unmarshal(answer.GetResponse(), &transformed); err != nil {
		return nil, fmt.Errorf("unmarshalling the answer: %w", err)
	}

	return &transformed, nil
}
