package aws

import (
	"strings"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
	"github.com/msur/platform/rehearsal/simulation/property"
)

// fillCluster makes what EKS makes with each cluster.
func fillCluster(c *behaviour.Call) error {
	ownGroup(c)

	if bootstrapsCreator(c) && c.Text("accessConfig.authenticationMode") != modeConfigMap {
		letInCreator(c)
	}

	return writeClusterLogs(c)
}

// ownGroup is the security group of the control plane's interfaces, and of nodes
// that name no other: it lets in its own members and all out.
func ownGroup(c *behaviour.Call) {
	name := c.Resource.ID
	inputs := map[string]any{
		"name":  "eks-cluster-sg-" + name + "-" + strings.Map(decimal, c.Digits(10)),
		"vpcId": c.Text("vpcConfig.vpcId"),
		"description": "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes, " +
			"as well as any managed workloads.",
		"ingress": []any{map[string]any{"protocol": "-1", "fromPort": 0, "toPort": 0, "self": true}},
		"egress": []any{map[string]any{
			"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": []any{"0.0.0.0/0"},
		}},
		"tags": map[string]any{
			"Name":                          "eks-cluster-sg-" + name,
			"aws:eks:cluster-name":          name,
			"kubernetes.io/cluster/" + name: "owned",
		},
	}
	c.Own(securityGroup(), c.Text("vpcConfig.clusterSecurityGroupId"), inputs, inputs)
}

// bootstrapsCreator says that whoever makes the cluster is let in. Without an access
// configuration EKS does so; with one, the provider says false where the program says nothing.
func bootstrapsCreator(c *behaviour.Call) bool {
	value, given := property.Lookup(c.Resource.Outputs, "accessConfig.bootstrapClusterCreatorAdminPermissions")
	if given {
		return value == true
	}

	_, configured := c.Resource.Inputs["accessConfig"]

	return !configured
}

// letInCreator makes the deploying role an administrator of the cluster.
func letInCreator(c *behaviour.Call) {
	entry := map[string]any{"clusterName": c.Resource.ID, "principalArn": callerARN()}
	c.Own(accessEntry(), c.Resource.ID+":"+callerARN(), entry, entry)

	policy := clusterAccessPolicyARNs + "AmazonEKSClusterAdminPolicy"
	association := map[string]any{
		"clusterName": c.Resource.ID, "principalArn": callerARN(), "policyArn": policy,
		"accessScope": map[string]any{"type": "cluster"},
	}
	c.Own(accessPolicyAssociation(), strings.Join([]string{c.Resource.ID, callerARN(), policy}, "#"),
		association, association)
}

// writeClusterLogs is the control plane at its log group. It makes the group when
// the program has not, and its last lines, which come late, make it again when it
// is deleted after the cluster.
func writeClusterLogs(c *behaviour.Call) error {
	if len(c.Texts("enabledClusterLogTypes")) > 0 {
		c.Write(logGroup(), "/aws/eks/"+c.Resource.ID+"/cluster")
	}

	return nil
}

// emptyCluster deletes what was in the cluster: all objects that its API server kept.
func emptyCluster(c *behaviour.Call) error {
	endpoint := c.Text("endpoint")
	for _, object := range c.Tx.Find(func(r account.Resource) bool { return r.Cluster == endpoint }) {
		c.Tx.Delete(object.Key)
	}

	return nil
}
