package aws

import (
	_ "embed"
	"encoding/base64"
	"strings"
	"time"

	"github.com/msur/platform/rehearsal/simulation/account"
	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const typeCluster = "aws:eks/cluster:Cluster"

func eksClusterKinds(authority []byte) []behaviour.Kind {
	if authority == nil {
		authority = nobodys
	}

	return []behaviour.Kind{cluster(authority)}
}

// cluster has interfaces in its subnets, which carry its security groups: both
// stay as long as it does. Its role and its key could go.
func cluster(authority []byte) behaviour.Kind {
	return behaviour.Kind{
		Type: typeCluster, Title: "EKS Cluster", Service: "EKS",
		Verbs:    behaviour.Verbs{Create: "CreateCluster", Update: "UpdateClusterConfig", Delete: "DeleteCluster"},
		ID:       func(c *behaviour.Call) (string, error) { return c.Text("name"), nil },
		AutoName: &behaviour.AutoName{Property: "name", Limit: 100},
		Defaults: map[string]any{
			"bootstrapSelfManagedAddons": true,
			"vpcConfig":                  map[string]any{"endpointPrivateAccess": false, "endpointPublicAccess": true},
		},
		Computed: clusterOutputs(authority),
		ForceNew: []string{
			"accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons",
			"encryptionConfig.provider.keyArn", "encryptionConfig.resources", "kubernetesNetworkConfig.ipFamily",
			"kubernetesNetworkConfig.serviceIpv4Cidr", "name", "outpostConfig", "roleArn",
		},
		Sets: []string{
			"enabledClusterLogTypes", "encryptionConfig.resources", "vpcConfig.publicAccessCidrs",
			"vpcConfig.securityGroupIds", "vpcConfig.subnetIds",
		},
		References: []behaviour.Reference{
			{Property: "vpcConfig.subnetIds", Types: []string{typeSubnet}},
			{Property: "vpcConfig.securityGroupIds", Types: groupTypes()},
			{
				Property: "encryptionConfig.provider.keyArn", Types: []string{typeKey}, By: []string{"arn"},
				OnDelete: behaviour.Ignore, Missing: missing("InvalidParameterException", "KMS key %s is not found"),
			},
		},
		Checks: []func(*behaviour.Call) error{
			checkClusterRole, checkClusterZones, checkClusterVersion, checkEndpointAccess, checkAuthentication,
		},
		Created: fillCluster, Updated: writeClusterLogs, Deleted: emptyCluster,
		Unique: []behaviour.Unique{{
			Properties: []string{"name"},
			Taken: func(_ *behaviour.Call, other account.Resource) error {
				return refuseWith(409, "ResourceInUseException", "Cluster already exists with name: %s", other.ID)
			},
		}},
		Missing: notFound("No cluster found for name: %s."),
		InUse: func(account.Resource, account.Resource) error {
			return refuseWith(409, "ResourceInUseException", "Cluster has nodegroups attached")
		},
	}
}

func clusterOutputs(authority []byte) []behaviour.Output {
	known := map[string]any{"data": base64.StdEncoding.EncodeToString(authority)}

	return []behaviour.Output{
		behaviour.Format("arn", "arn:{partition}:eks:{region}:{account}:cluster/{id}"), tagsAll(),
		{Name: "endpoint", Make: clusterEndpoint},
		{Name: "identities", Make: clusterIdentities},
		behaviour.Constant("certificateAuthority", known),
		behaviour.Constant("certificateAuthorities", []any{known}),
		{Name: "createdAt", Make: now},
		{Name: "version", Make: func(*behaviour.Call) any { return newestMinor() }},
		{Name: "vpcConfig.vpcId", Make: func(c *behaviour.Call) any { return networkOf(c) }},
		behaviour.Fresh("vpcConfig.clusterSecurityGroupId", "sg-"),
		behaviour.Constant("vpcConfig.publicAccessCidrs", []any{"0.0.0.0/0"}),
		behaviour.Constant("accessConfig.authenticationMode", modeConfigMap),
		{Name: "accessConfig.bootstrapClusterCreatorAdminPermissions", Make: func(c *behaviour.Call) any {
			return bootstrapsCreator(c)
		}},
		behaviour.Constant("kubernetesNetworkConfig.ipFamily", "ipv4"),
		{Name: "kubernetesNetworkConfig.serviceIpv4Cidr", Make: serviceRange},
		behaviour.Constant("upgradePolicy.supportType", "EXTENDED"),
		behaviour.Constant("platformVersion", "eks.1"), behaviour.Constant("status", "ACTIVE"),
		behaviour.Constant("clusterId", ""), // only clusters on Outposts have one
	}
}

// now is a time as EKS's API gives it.
func now(c *behaviour.Call) any {
	return c.Place.Now().UTC().Format(time.RFC3339)
}

func clusterEndpoint(c *behaviour.Call) any {
	return "https://" + strings.ToUpper(c.Digits(32)) + ".gr7." + c.Place.Region + ".eks.amazonaws.com"
}

// clusterIdentities are the issuer of the pods' tokens, which has the endpoint's digits.
func clusterIdentities(c *behaviour.Call) any {
	digits, _, _ := strings.Cut(strings.TrimPrefix(c.Text("endpoint"), "https://"), ".")
	issuer := "https://oidc.eks." + c.Place.Region + ".amazonaws.com/id/" + digits

	return []any{map[string]any{"oidcs": []any{map[string]any{"issuer": issuer}}}}
}

// nobodys is a certificate whose key nobody has: enough for a kubeconfig to parse.
//
//go:embed eks_authority.pem
var nobodys []byte

// networkOf is the VPC of the cluster's subnets.
func networkOf(c *behaviour.Call) string {
	subnet, _ := c.Get(typeSubnet, c.Text("vpcConfig.subnetIds"))

	return subnet.Text("vpcId")
}

// serviceRange is the one of EKS's two that does not meet the VPC's.
func serviceRange(c *behaviour.Call) any {
	network, _ := c.Get(typeVPC, c.Text("vpcConfig.vpcId"))
	if strings.HasPrefix(network.Text("cidrBlock"), "10.") {
		return "172.20.0.0/16"
	}

	return "10.100.0.0/16"
}
