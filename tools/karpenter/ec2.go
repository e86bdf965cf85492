package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"

	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/karpenter-provider-aws/pkg/apis/v1"
	"github.com/aws/karpenter-provider-aws/pkg/cache"
	"github.com/awslabs/operatorpkg/status"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	karpv1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
	"sigs.k8s.io/karpenter/pkg/scheduling"
)

// ec2 launches simulated nodes in place of instances: the nodes of tools/cluster.
type ec2 struct {
	site        *site
	client      client.Client
	unavailable *cache.UnavailableOfferings

	mutex sync.Mutex
	// terminated are the provider ids of terminated instances, whose nodes may still be in the API server.
	terminated map[string]bool
}

func (*ec2) Name() string { return "aws" }

func (*ec2) GetSupportedNodeClasses() []status.Object { return []status.Object{&v1.EC2NodeClass{}} }

// IsDrifted reports nothing: there is one image.
func (*ec2) IsDrifted(context.Context, *karpv1.NodeClaim) (cloudprovider.DriftReason, error) {
	return "", nil
}

func (*ec2) RepairPolicies() []cloudprovider.RepairPolicy { return nil }

// GetInstanceTypes returns all types, with an offering for each zone and capacity.
func (e *ec2) GetInstanceTypes(ctx context.Context, pool *karpv1.NodePool) ([]*cloudprovider.InstanceType, error) {
	class, err := e.class(ctx, pool.Spec.Template.Spec.NodeClassRef.Name)
	if err != nil {
		return nil, err
	}

	return e.typesOf(class)
}

// Create launches the cheapest instance that a claim allows. A zone without capacity becomes unavailable for this type,
// as EC2's answer does in Karpenter's provider.
func (e *ec2) Create(ctx context.Context, claim *karpv1.NodeClaim) (*karpv1.NodeClaim, error) {
	class, err := e.class(ctx, claim.Spec.NodeClassRef.Name)
	if err != nil {
		return nil, cloudprovider.NewInsufficientCapacityError(err)
	}

	if ready := class.StatusConditions().Get(status.ConditionReady); ready.IsFalse() {
		return nil, cloudprovider.NewNodeClassNotReadyError(errors.New(ready.Message))
	}

	offered, err := e.typesOf(class)
	if err != nil {
		return nil, cloudprovider.NewInsufficientCapacityError(err)
	}

	for {
		chosen, offering := cheapest(offered, scheduling.NewNodeSelectorRequirementsWithMinValues(claim.Spec.Requirements...))
		if chosen == nil {
			return nil, cloudprovider.NewInsufficientCapacityError(errors.New("no offering is available"))
		}

		zone := offering.Requirements.Get(corev1.LabelTopologyZone).Any()
		if !e.site.full(zone) {
			return e.launch(ctx, claim, chosen, offering)
		}

		e.unavailable.MarkUnavailable(ctx, ec2types.InstanceType(chosen.Name), zone,
			offering.Requirements.Get(karpv1.CapacityTypeLabelKey).Any(),
			map[string]string{"reason": "InsufficientInstanceCapacity"})

		offering.Available = false
	}
}

// Delete terminates an instance. Its node is then deleted, as the cloud's controller does, and remains until Karpenter
// has removed its finalizer.
func (e *ec2) Delete(ctx context.Context, claim *karpv1.NodeClaim) error {
	running, err := e.Get(ctx, claim.Status.ProviderID)
	if err != nil {
		return err
	}

	e.mutex.Lock()
	e.terminated[claim.Status.ProviderID] = true
	e.mutex.Unlock()

	node := &corev1.Node{ObjectMeta: metav1.ObjectMeta{Name: running.Status.NodeName}}
	if err := e.client.Delete(ctx, node); client.IgnoreNotFound(err) != nil {
		return fmt.Errorf("deleting the node of a terminated instance: %w", err)
	}

	return nil
}

// Get returns a running instance.
func (e *ec2) Get(ctx context.Context, providerID string) (*karpv1.NodeClaim, error) {
	running, err := e.List(ctx)
	if err != nil {
		return nil, err
	}

	for _, claim := range running {
		if claim.Status.ProviderID == providerID {
			return claim, nil
		}
	}

	return nil, cloudprovider.NewNodeClaimNotFoundError(fmt.Errorf("the instance %s is terminated", providerID))
}

// List returns the running instances.
func (e *ec2) List(ctx context.Context) ([]*karpv1.NodeClaim, error) {
	nodes := &corev1.NodeList{}
	if err := e.client.List(ctx, nodes); err != nil {
		return nil, fmt.Errorf("listing nodes: %w", client.IgnoreNotFound(err))
	}

	e.mutex.Lock()
	defer e.mutex.Unlock()

	var running []*karpv1.NodeClaim

	for _, node := range nodes.Items {
		if !strings.HasPrefix(node.Spec.ProviderID, "aws:///") || e.terminated[node.Spec.ProviderID] {
			continue
		}

		running = append(running, &karpv1.NodeClaim{
			ObjectMeta: metav1.ObjectMeta{Name: node.Name, Labels: node.Labels, CreationTimestamp: node.CreationTimestamp},
			Status: karpv1.NodeClaimStatus{
				NodeName: node.Name, ProviderID: node.Spec.ProviderID, Capacity: node.Status.Capacity,
				Allocatable: node.Status.Allocatable,
			},
		})
	}

	return running, nil
}

// class reads a class.
func (e *ec2) class(ctx context.Context, name string) (*v1.EC2NodeClass, error) {
	class := &v1.EC2NodeClass{}
	if err := e.client.Get(ctx, types.NamespacedName{Name: name}, class); err != nil {
		return nil, fmt.Errorf("reading the class %s: %w", name, err)
	}

	return class, nil
}

// launch registers the node of a new instance, as its kubelet does: with the taint of a node that Karpenter has not
// completed yet. The annotations are those by which tools/cluster recognizes its nodes.
func (e *ec2) launch(
	ctx context.Context, claim *karpv1.NodeClaim, chosen *cloudprovider.InstanceType, offering *cloudprovider.Offering,
) (*karpv1.NodeClaim, error) {
	const idBytes = 9

	random := make([]byte, idBytes)
	_, _ = rand.Read(random) // it never fails
	id := "i-" + hex.EncodeToString(random)[1:]
	zone := offering.Requirements.Get(corev1.LabelTopologyZone).Any()

	room := map[string]string{}
	for name, quantity := range chosen.Capacity {
		room[string(name)] = quantity.String()
	}

	allocatable, err := json.Marshal(room)
	if err != nil {
		return nil, fmt.Errorf("encoding the resources of a node: %w", err)
	}

	labels := maps.Clone(claim.Labels)

	for _, requirements := range []scheduling.Requirements{chosen.Requirements, offering.Requirements} {
		for key, requirement := range requirements {
			if requirement.Len() == 1 {
				labels[key] = requirement.Any()
			}
		}
	}

	name := id + ".ec2.internal"
	launched := maps.Clone(labels)
	labels[corev1.LabelHostname] = name

	node := &corev1.Node{
		ObjectMeta: metav1.ObjectMeta{
			Name: name, Labels: labels,
			Annotations: map[string]string{
				"kwok.x-k8s.io/node": "fake", "rehearsal/allocatable": string(allocatable),
				"rehearsal/kubelet": e.site.Kubelet,
				"rehearsal/price":   strconv.FormatFloat(offering.Price, 'f', -1, 64),
			},
		},
		Spec: corev1.NodeSpec{
			ProviderID: "aws:///" + zone + "/" + id, Taints: []corev1.Taint{karpv1.UnregisteredNoExecuteTaint},
		},
	}
	if err := e.client.Create(ctx, node); err != nil {
		return nil, fmt.Errorf("registering the node %s: %w", name, err)
	}

	return &karpv1.NodeClaim{
		ObjectMeta: metav1.ObjectMeta{Name: claim.Name, Labels: launched},
		Status: karpv1.NodeClaimStatus{
			ProviderID: node.Spec.ProviderID, Capacity: chosen.Capacity, Allocatable: chosen.Allocatable(),
		},
	}, nil
}
