package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	v1 "github.com/aws/karpenter-provider-aws/pkg/apis/v1"
	"github.com/aws/karpenter-provider-aws/pkg/cache"
	"github.com/awslabs/operatorpkg/status"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	karpv1 "sigs.k8s.io/karpenter/pkg/apis/v1"
	"sigs.k8s.io/karpenter/pkg/cloudprovider"
)

const profile = "sandbox-autoscaling-node"

// account is a site with two zones and two types.
func account(t *testing.T) *site {
	t.Helper()

	folder := t.TempDir()
	text, err := json.Marshal(map[string]any{
		"clusterName": "sandbox", "kubelet": "v1.35.0-eks", "subnets": map[string]string{"s-a": "us-a", "s-b": "us-b"},
		"securityGroups": []string{"sg-1"}, "instanceProfiles": []string{profile},
		"types": []map[string]any{
			{"name": "m7g.large", "architecture": "arm64", "millicores": 1930, "memoryMiB": 6000, "pods": 29, "hourlyUsd": 0.08},
			{"name": "t4g.large", "architecture": "arm64", "millicores": 1930, "memoryMiB": 6000, "pods": 35, "hourlyUsd": 0.06},
		},
	})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "site.json"), text, 0o600))

	read, err := readSite(folder)
	require.NoError(t, err)

	return read
}

// class is a class that EC2 accepts, changed as a test needs.
func class(changes ...func(*v1.EC2NodeClass)) *v1.EC2NodeClass {
	made := &v1.EC2NodeClass{
		ObjectMeta: metav1.ObjectMeta{Name: "nodes"},
		Spec: v1.EC2NodeClassSpec{
			AMISelectorTerms:           []v1.AMISelectorTerm{{Alias: "al2023@latest"}},
			SubnetSelectorTerms:        []v1.SubnetSelectorTerm{{ID: "s-a"}, {ID: "s-b"}},
			SecurityGroupSelectorTerms: []v1.SecurityGroupSelectorTerm{{ID: "sg-1"}},
			InstanceProfile:            new(string),
		},
	}
	*made.Spec.InstanceProfile = profile

	for _, change := range changes {
		change(made)
	}

	return made
}

func server(objects ...client.Object) client.Client {
	return fake.NewClientBuilder().WithScheme(scheme.Scheme).WithObjects(objects...).
		WithStatusSubresource(&v1.EC2NodeClass{}).Build()
}

func instances(t *testing.T, objects ...client.Object) *ec2 {
	t.Helper()

	return &ec2{
		site: account(t), client: server(objects...), unavailable: cache.NewUnavailableOfferings(),
		terminated: map[string]bool{},
	}
}

func claim(capacity string) *karpv1.NodeClaim {
	return &karpv1.NodeClaim{
		ObjectMeta: metav1.ObjectMeta{Name: "one", Labels: map[string]string{karpv1.NodePoolLabelKey: "services"}},
		Spec: karpv1.NodeClaimSpec{
			NodeClassRef: &karpv1.NodeClassReference{Name: "nodes"},
			Requirements: []karpv1.NodeSelectorRequirementWithMinValues{
				{Key: karpv1.CapacityTypeLabelKey, Operator: corev1.NodeSelectorOpIn, Values: []string{capacity}},
			},
		},
	}
}

func TestTheCheapestInstanceIsLaunchedWhereThereIsCapacity(t *testing.T) {
	t.Parallel()

	e := instances(t, class())
	require.NoError(t, os.WriteFile(filepath.Join(e.site.folder, "full.json"), []byte(`["us-a"]`), 0o600))

	made, err := e.Create(context.Background(), claim("spot"))
	require.NoError(t, err)
	assert.Equal(t, "t4g.large", made.Labels[corev1.LabelInstanceTypeStable])
	assert.Equal(t, "us-b", made.Labels[corev1.LabelTopologyZone])
	assert.Equal(t, "spot", made.Labels[karpv1.CapacityTypeLabelKey])

	nodes := &corev1.NodeList{}
	require.NoError(t, e.client.List(context.Background(), nodes))
	require.Len(t, nodes.Items, 1)
	assert.Equal(t, made.Status.ProviderID, nodes.Items[0].Spec.ProviderID)
	assert.Equal(t, []corev1.Taint{karpv1.UnregisteredNoExecuteTaint}, nodes.Items[0].Spec.Taints)

	require.NoError(t, os.WriteFile(filepath.Join(e.site.folder, "full.json"), []byte(`["us-a", "us-b"]`), 0o600))

	_, err = e.Create(context.Background(), claim("on-demand"))
	assert.True(t, cloudprovider.IsInsufficientCapacityError(err), "%v", err)
}

func TestATerminatedInstanceIsGoneWithItsNode(t *testing.T) {
	t.Parallel()

	e := instances(t, class())
	made, err := e.Create(context.Background(), claim("spot"))
	require.NoError(t, err)

	running, err := e.List(context.Background())
	require.NoError(t, err)
	assert.Len(t, running, 1)

	require.NoError(t, e.Delete(context.Background(), made))
	assert.True(t, cloudprovider.IsNodeClaimNotFoundError(e.Delete(context.Background(), made)))

	nodes := &corev1.NodeList{}
	require.NoError(t, e.client.List(context.Background(), nodes))
	assert.Empty(t, nodes.Items)
}

func TestAClassIsReadyIfEC2HasWhatItNames(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		change func(*v1.EC2NodeClass)
		fails  string
	}{
		"all":      {func(*v1.EC2NodeClass) {}, ""},
		"a subnet": {func(c *v1.EC2NodeClass) { c.Spec.SubnetSelectorTerms[0].ID = "s-c" }, v1.ConditionTypeSubnetsReady},
		"an image": {
			func(c *v1.EC2NodeClass) { c.Spec.AMISelectorTerms[0].Alias = "al2@latest" }, v1.ConditionTypeAMIsReady,
		},
		"a profile": {func(c *v1.EC2NodeClass) { *c.Spec.InstanceProfile = "x" }, v1.ConditionTypeInstanceProfileReady},
		"a group": {
			func(c *v1.EC2NodeClass) { c.Spec.SecurityGroupSelectorTerms[0].ID = "x" }, v1.ConditionTypeSecurityGroupsReady,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			made := class(test.change)
			checks := &classes{site: account(t), client: server(made)}
			_, err := checks.Reconcile(context.Background(), made)
			require.NoError(t, err)

			conditions := made.StatusConditions()
			assert.Equal(t, test.fails == "", conditions.Get(status.ConditionReady).IsTrue())

			if test.fails != "" {
				assert.True(t, conditions.Get(test.fails).IsFalse())

				e := instances(t, made)
				_, err := e.Create(context.Background(), claim("spot"))
				assert.Error(t, err)
			}
		})
	}
}

func TestAMessageStaysUntilItIsDeleted(t *testing.T) {
	t.Parallel()

	q := queue{account(t)}
	require.NoError(t, os.Mkdir(filepath.Join(q.site.folder, "queue"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(q.site.folder, "queue", "one.json"), []byte("{}"), 0o600))

	for range 2 {
		messages, err := q.GetSQSMessages(context.Background())
		require.NoError(t, err)
		require.Len(t, messages, 1, "a message stays until it is deleted")
		assert.Equal(t, "{}", *messages[0].Body)
	}

	messages, err := q.GetSQSMessages(context.Background())
	require.NoError(t, err)
	require.NoError(t, q.DeleteSQSMessage(context.Background(), messages[0]))

	messages, err = q.GetSQSMessages(context.Background())
	require.NoError(t, err)
	assert.Empty(t, messages)
}
