package aws_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	templateType    = "aws:ec2/launchTemplate:LaunchTemplate"
	instanceType    = "aws:ec2/instance:Instance"
	clusterType     = "aws:eks/cluster:Cluster"
	nodeGroupType   = "aws:eks/nodeGroup:NodeGroup"
	addonType       = "aws:eks/addon:Addon"
	entryType       = "aws:eks/accessEntry:AccessEntry"
	accessType      = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
	podIdentityType = "aws:eks/podIdentityAssociation:PodIdentityAssociation"

	managed = "arn:aws:iam::aws:policy/"
	person  = "arn:aws:iam::123456789012:role/person"
)

// site is a network with the resources that a cluster and its nodes require.
type site struct {
	*network

	second                         enginetest.Made // a subnet in another zone
	clusterRole, nodeRole, podRole enginetest.Made
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{network: newNetwork(t)}
	s.second = s.privateSubnet("second", "10.0.2.0/24", "us-east-1a")
	s.clusterRole = s.role("cluster", "eks.amazonaws.com", []any{"sts:AssumeRole"}, "AmazonEKSClusterPolicy")
	s.nodeRole = s.role("node", "ec2.amazonaws.com", "sts:AssumeRole",
		"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryReadOnly")
	s.podRole = s.role("pod", "pods.eks.amazonaws.com", []any{"sts:AssumeRole", "sts:TagSession"}, "AmazonEKS_CNI_Policy")

	return s
}

// privateSubnet is one whose table leads to the NAT gateway.
func (s *site) privateSubnet(name, block, zone string) enginetest.Made {
	made := s.aws.Create(subnetType, name, in{"vpcId": s.vpc.ID, "cidrBlock": block, "availabilityZone": zone})
	s.aws.Create(assocType, name, in{"routeTableId": s.table.ID, "subnetId": made.ID})

	return made
}

func (s *site) role(name, service string, actions any, policies ...string) enginetest.Made {
	made := s.aws.Create(roleType, name, in{"name": name, "assumeRolePolicy": trust(service, actions)})
	for _, policy := range policies {
		s.aws.Create(attachType, name+policy, in{"role": made.ID, "policyArn": managed + policy})
	}

	return made
}

// trust is a document that allows a service to do the actions, one or a list of them.
func trust(service string, actions any) string {
	text, err := json.Marshal(in{"Version": "2012-10-17", "Statement": []any{in{
		"Effect": "Allow", "Principal": in{"Service": service}, "Action": actions,
	}}})
	if err != nil {
		panic(err) // texts in maps and lists
	}

	return string(text)
}

// clusterInputs are those of a cluster named c, with changes.
func (s *site) clusterInputs(change in) in {
	return changed(in{
		"name": "c", "roleArn": s.clusterRole.Text("arn"), "version": "1.34", "bootstrapSelfManagedAddons": false,
		"vpcConfig":    in{"subnetIds": []any{s.subnet.ID, s.second.ID}, "endpointPrivateAccess": true},
		"accessConfig": in{"authenticationMode": "API"},
	}, change)
}

// cluster creates a cluster with the changes.
func (s *site) cluster(change in) enginetest.Made {
	return s.aws.Create(clusterType, "cluster", s.clusterInputs(change))
}

// vpcConfig is a cluster's on its own subnets, with changes.
func (s *site) vpcConfig(change in) in {
	return in{"vpcConfig": changed(in{"subnetIds": []any{s.subnet.ID, s.second.ID}}, change)}
}

// joinable creates what nodes of the cluster c require to join and become ready.
func (s *site) joinable() {
	for _, name := range []string{"eks-pod-identity-agent", "vpc-cni", "kube-proxy"} {
		s.aws.Create(addonType, name, in{"clusterName": "c", "addonName": name})
	}

	s.aws.Create(podIdentityType, "cni", s.identity("aws-node"))
}

// identity gives a service account of the cluster c the pods' role.
func (s *site) identity(account string) in {
	return in{
		"clusterName": "c", "namespace": "kube-system", "serviceAccount": account, "roleArn": s.podRole.Text("arn"),
	}
}

// nodes are the inputs of a node group of the cluster c, with changes.
func (s *site) nodes(change in) in {
	return changed(in{
		"clusterName": "c", "nodeGroupName": "n", "nodeRoleArn": s.nodeRole.Text("arn"),
		"subnetIds": []any{s.subnet.ID, s.second.ID}, "scalingConfig": scale(2, 2, 4),
	}, change)
}

func scale(least, desired, most int) in {
	return in{"minSize": least, "desiredSize": desired, "maxSize": most}
}

// fails creates each case's resource and expects the provider's message after it has
// waited: all of it, and nothing of an API's error.
func fails(t *testing.T, provider *enginetest.Provider, token string, cases map[string]in) {
	t.Helper()

	for want, inputs := range cases {
		t.Run(want, func(t *testing.T) {
			_, err := provider.TryCreate(token, "failed", inputs)
			require.ErrorContains(t, err, "= waiting for EKS ")
			require.ErrorContains(t, err, want)
			assert.NotContains(t, err.Error(), "operation error")
		})
	}
}

// conflicts creates each case's resource and expects a refusal with that HTTP status.
func conflicts(t *testing.T, provider *enginetest.Provider, token string, cases map[string]in) {
	t.Helper()
	refuses(t, provider, token, cases)

	for want, inputs := range cases {
		_, err := provider.TryCreate(token, "refused", inputs)
		assert.ErrorContains(t, err, "StatusCode: 409", want)
	}
}
