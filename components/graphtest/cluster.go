package graphtest

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/protobuf/proto"
)

// The component of @pulumi/eks, and the only child that programs read.
const (
	clusterComponent = "eks:index:Cluster"
	clusterType      = "aws:eks/cluster:Cluster"
)

// createCluster registers the cluster of a component as @pulumi/eks 2.8.1 does, including transforms, and returns the
// component's outputs. The component runs in a process of its own, which mocks do not start. The rehearsal starts it,
// and creates the other children, too.
func (r *recorder) createCluster(args pulumi.MockResourceArgs) (resource.PropertyMap, error) {
	name := args.Name + "-eksCluster"

	inputs, protect, err := transform(args.RegisterRPC.GetTransforms(), name, clusterInputs(args.Inputs))
	if err != nil {
		return nil, fmt.Errorf("transforming %s: %w", name, err)
	}

	var child struct{ pulumi.CustomResourceState }

	err = r.context.RegisterResource(clusterType, name, pulumi.ToMap(inputs.Mappable()), &child, pulumi.Protect(protect))
	if err != nil {
		return nil, fmt.Errorf("registering the child of %s: %w", args.Name, err)
	}

	registered, err := internals.UnsafeAwaitOutput(r.context.Context(), child.URN())
	if err != nil {
		return nil, fmt.Errorf("registering the child of %s: %w", args.Name, err)
	}

	urn := resource.URN(registered.Value.(pulumi.URN))

	r.mutex.Lock()
	defer r.mutex.Unlock()

	for _, recorded := range r.resources {
		if recorded.URN == urn {
			recorded.Parent = r.urnOf(args)
			recorded.Provider = args.RegisterRPC.GetProviders()["aws"]
		}
	}

	state := args.Inputs.Copy()
	state["eksCluster"] = resource.MakeCustomResourceReference(urn, resource.ID(inputs["name"].StringValue()), "")

	return state, nil
}

// clusterInputs returns the inputs of the cluster, as far as programs set those of the component.
func clusterInputs(component resource.PropertyMap) resource.PropertyMap {
	network := resource.PropertyMap{}
	inputs := resource.PropertyMap{
		"accessConfig": resource.NewPropertyValue(map[string]any{
			"authenticationMode": component["authenticationMode"], "bootstrapClusterCreatorAdminPermissions": true,
		}),
		"vpcConfig": resource.NewProperty(network),
	}

	for name, value := range component {
		switch name {
		case "subnetIds", "endpointPrivateAccess", "endpointPublicAccess", "publicAccessCidrs":
			network[name] = value
		case "name", "version", "enabledClusterLogTypes":
			inputs[name] = value
		case "encryptionConfigKeyArn":
			inputs["encryptionConfig"] = resource.NewPropertyValue(map[string]any{
				"provider": map[string]any{"keyArn": value}, "resources": []any{"secrets"},
			})
		}
	}

	return inputs
}

// clusterOutputs adds the outputs of EKS that programs read. The cluster's name is also its ID.
func clusterOutputs(state resource.PropertyMap) {
	id := state["name"].StringValue()
	state["arn"] = resource.NewProperty(arnOf(clusterType, "cluster/"+id))
	state["endpoint"] = resource.NewProperty("https://" + id + ".eks.example.com")
	state["certificateAuthority"] = resource.NewPropertyValue(map[string]any{"data": "Q0E="})

	network := state["vpcConfig"].ObjectValue().Copy()
	network["clusterSecurityGroupId"] = resource.NewProperty("SecurityGroup-eks-" + id)
	state["vpcConfig"] = resource.NewProperty(network)
}

// transform applies the program's transforms, which its SDK serves, as the engine does. It returns the inputs, and
// whether the engine protects the cluster.
func transform(
	transforms []*pulumirpc.Callback, name string, inputs resource.PropertyMap,
) (resource.PropertyMap, bool, error) {
	options := plugin.MarshalOptions{KeepSecrets: true, KeepResources: true}

	properties, err := plugin.MarshalProperties(inputs, options)
	if err != nil {
		return nil, false, err
	}

	request := &pulumirpc.TransformRequest{
		Type: clusterType, Name: name, Custom: true, Properties: properties,
		Options: &pulumirpc.TransformResourceOptions{Protect: new(false)},
	}

	for _, callback := range transforms {
		if err := call(callback, request); err != nil {
			return nil, false, err
		}
	}

	inputs, err = plugin.UnmarshalProperties(request.GetProperties(), options)

	return inputs, request.GetOptions().GetProtect(), err
}

// call sends a request to a transform, and updates the request with the answer.
func call(callback *pulumirpc.Callback, request *pulumirpc.TransformRequest) error {
	encoded, err := proto.Marshal(request)
	if err != nil {
		return err
	}

	connection, err := grpc.NewClient(callback.GetTarget(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()

	answer, err := pulumirpc.NewCallbacksClient(connection).Invoke(context.Background(),
		&pulumirpc.CallbackInvokeRequest{Token: callback.GetToken(), Request: encoded})
	if err != nil {
		return err
	}

	var transformed pulumirpc.TransformResponse
	if err := proto.Unmarshal(answer.GetResponse(), &transformed); err != nil {
		return err
	}

	if transformed.GetProperties() != nil {
		request.Properties, request.Options = transformed.GetProperties(), transformed.GetOptions()
	}

	return nil
}
