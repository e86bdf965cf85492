package controls_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

	"github.com/msur/platform/rehearsal/controls"
)

func resourceURN(resourceType, name string) resource.URN {
	return resource.NewURN("staging", "platform", "", tokens.Type(resourceType), name)
}

func tokenType(resourceType string) tokens.Type { return tokens.Type(resourceType) }

func TestN1(t *testing.T) {
	t.Parallel()
	holds(t, "N1")
	breaks(t, "N1", "network-vpc", remove("aws:ec2/flowLog:FlowLog", ""))
	breaks(t, "N1", "network-flow-logs", set("aws:ec2/flowLog:FlowLog", "network-flow-logs", "trafficType", "REJECT"))
	breaks(t, "N1", "network-flow-logs", remove("aws:cloudwatch/logGroup:LogGroup", ""))
	breaks(t, "N1", "network-flow-logs",
		set("aws:cloudwatch/logGroup:LogGroup", "network-flow-logs", "retentionInDays", 0.0))
}

func TestN2(t *testing.T) {
	t.Parallel()

	const defaultGroup = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"

	rule := []any{map[string]any{"cidrBlocks": []any{"10.0.0.0/8"}}}

	holds(t, "N2")
	breaks(t, "N2", "network-vpc", remove(defaultGroup, ""))
	breaks(t, "N2", "network-default", set(defaultGroup, "network-default", "ingress", rule))
	breaks(t, "N2", "network-default", set(defaultGroup, "network-default", "egress", rule))
}

func TestN3(t *testing.T) {
	t.Parallel()
	holds(t, "N3")
	breaks(t, "N3", "network-data-b", set("aws:ec2/subnet:Subnet", "network-data-b", "mapPublicIpOnLaunch", true))
}

func TestN4(t *testing.T) {
	t.Parallel()

	const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"

	holds(t, "N4")
	breaks(t, "N4", "network-vpc", remove(endpoint, "network-s3"))
	breaks(t, "N4", "network-vpc", set(endpoint, "network-s3", "routeTableIds", []any{}))
	breaks(t, "N4", "network-vpc", set(endpoint, "network-s3", "vpcEndpointType", "Interface"))
}

func TestN5(t *testing.T) {
	t.Parallel()

	const (
		ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
		group   = "aws:ec2/securityGroup:SecurityGroup"
	)

	anyone := []any{map[string]any{"cidrBlocks": []any{"10.0.0.0/8", "0.0.0.0/0"}}}

	holds(t, "N5")
	breaks(t, "N5", "open", add(ingress, "open", map[string]any{"cidrIpv4": "0.0.0.0/0"}))
	breaks(t, "N5", "open", add(ingress, "open", map[string]any{"cidrIpv6": "::/0"}))
	breaks(t, "N5", "open", add(group, "open", map[string]any{"ingress": anyone}))
	breaks(t, "N5", "open", add("aws:ec2/securityGroupRule:SecurityGroupRule", "open",
		map[string]any{"type": "ingress", "cidrBlocks": []any{"0.0.0.0/0"}}))
}

func TestN6(t *testing.T) {
	t.Parallel()

	group := map[string]any{"egress": []any{map[string]any{"description": "out"}, map[string]any{"fromPort": 1.0}}}

	holds(t, "N6")
	breaks(t, "N6", "mute", add("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "mute", map[string]any{}))
	breaks(t, "N6", "mute", add("aws:ec2/securityGroup:SecurityGroup", "mute", group))
}

func TestN7(t *testing.T) {
	t.Parallel()

	route := "aws:ec2/route:Route"

	holds(t, "N7")
	breaks(t, "N7", "network-private-b", set(route, "network-private-b", "natGatewayId", "NatGateway-network-nat-a"))
	breaks(t, "N7", "network-private-b", remove("aws:ec2/natGateway:NatGateway", "network-nat-b"))
	breaks(t, "N7", "network-vpc", func(environment *controls.Environment) {
		for _, r := range environment.State.Resources {
			if zone, placed := r.Inputs["availabilityZone"].(string); placed && strings.HasPrefix(zone, "us-") {
				r.Inputs["availabilityZone"] = "us-east-1a"
			}
		}
	})
}

func TestN8(t *testing.T) {
	t.Parallel()

	const subnet = "aws:ec2/subnet:Subnet"

	public := map[string]any{"kubernetes.io/role/elb": "1"}
	internal := map[string]any{"kubernetes.io/role/internal-elb": "1"}

	holds(t, "N8")
	breaks(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", map[string]any{}))
	breaks(t, "N8", "network-private-a", set(subnet, "network-private-a", "tags", public))
	breaks(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", internal))
	breaks(t, "N8", "network-vpc", remove(subnet, "network-private"))
}

func TestN9(t *testing.T) {
	t.Parallel()
	holds(t, "N9")
	breaks(t, "N9", "network-data-a", set("aws:ec2/subnet:Subnet", "network-data-a", "cidrBlock", "10.20.0.0/24"))
	breaks(t, "N9", "network-vpc", set("aws:ec2/vpc:Vpc", "network-vpc", "cidrBlock", "10.10.0.0/16"))
}

func TestA3(t *testing.T) {
	t.Parallel()

	const (
		key  = "aws:kms/key:Key"
		name = "encryption-key"
		root = `{"Principal":{"AWS":"arn:aws:iam::123456789012:root"}}`
		logs = `{"Principal":{"Service":"logs.us-east-1.amazonaws.com"},"Condition":{"ArnLike":` +
			`{"kms:EncryptionContext:aws:logs:arn":"arn:aws:logs:*"}}}`
		unbound = `{"Principal":{"Service":"logs.us-east-1.amazonaws.com"}}`
	)

	policy := func(statements ...string) string { return `{"Statement":[` + strings.Join(statements, ",") + `]}` }

	holds(t, "A3")
	breaks(t, "A3", name, set(key, name, "enableKeyRotation", false))
	breaks(t, "A3", name, set(key, name, "policy", ""))
	breaks(t, "A3", name, set(key, name, "policy", policy(logs)))
	breaks(t, "A3", name, set(key, name, "policy", policy(root)))
	breaks(t, "A3", name, set(key, name, "policy", policy(root, logs, `{"Principal":"*"}`)))
	breaks(t, "A3", name, set(key, name, "policy", policy(root, unbound)))
}
