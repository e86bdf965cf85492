package controls_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"

	"github.com/msur/platform/rehearsal/controls"
)

const (
	ingressRule = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
	subnet      = "aws:ec2/subnet:Subnet"
	route       = "aws:ec2/route:Route"
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
	breaks(t, "N3", "network-data-b", set(subnet, "network-data-b", "mapPublicIpOnLaunch", true))
}

func TestN4(t *testing.T) {
	t.Parallel()

	const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint"

	holds(t, "N4")
	breaks(t, "N4", "network-vpc", remove(endpoint, "network-s3"))
	breaks(t, "N4", "network-private-a", set(endpoint, "network-s3", "routeTableIds", []any{}))
	breaks(t, "N4", "network-private-a",
		set(endpoint, "network-s3", "routeTableIds", []any{"RouteTable-network-data"}))
	breaks(t, "N4", "network-private-c", set(endpoint, "network-s3", "routeTableIds",
		[]any{"RouteTable-network-private-a", "RouteTable-network-private-b"}))
	breaks(t, "N4", "network-private-a",
		remove("aws:ec2/routeTableAssociation:RouteTableAssociation", "network-private-a"))
	breaks(t, "N4", "network-vpc", set(endpoint, "network-s3", "vpcEndpointType", "Interface"))
}

func TestN5(t *testing.T) {
	t.Parallel()

	const group = "aws:ec2/securityGroup:SecurityGroup"

	anyone := []any{map[string]any{"cidrBlocks": []any{"10.0.0.0/8", "0.0.0.0/0"}}}

	holds(t, "N5")
	breaks(t, "N5", "open", add(ingressRule, "open", map[string]any{"cidrIpv6": "::/0"}))
	breaks(t, "N5", "open", add(group, "open", map[string]any{"ingress": anyone}))
	breaks(t, "N5", "open", add("aws:ec2/securityGroupRule:SecurityGroupRule", "open",
		map[string]any{"type": "ingress", "cidrBlocks": []any{"0.0.0.0/0"}}))

	// Halves of everything, a range that only begins in a private one, somebody's, and what cannot be read.
	for _, cidr := range []string{"0.0.0.0/0", "0.0.0.0/1", "10.0.0.0/7", "fc00::/6", "203.0.113.0/24", "nonsense"} {
		breaks(t, "N5", "open", add(ingressRule, "open", map[string]any{"cidrIpv4": cidr}))
	}
}

func TestPrivateRangesAreNotOpen(t *testing.T) {
	t.Parallel()

	for _, cidr := range []string{"10.20.0.0/16", "172.31.0.0/16", "192.168.0.0/16", "100.64.0.0/10", "fd00::/8"} {
		environment := golden(t, "staging")
		add(ingressRule, "private", map[string]any{"cidrIpv4": cidr})(&environment)
		assert.Equal(t, controls.Pass, finding(t, environment, "N5").Result, cidr)
	}
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

	// inOneZone moves a tier there.
	inOneZone := func(tier string) func(*controls.Environment) {
		return func(environment *controls.Environment) {
			for _, zone := range []string{"a", "b", "c"} {
				set(subnet, tier+"-"+zone, "availabilityZone", "us-east-1a")(environment)
			}
		}
	}

	holds(t, "N7")
	breaks(t, "N7", "network-vpc", inOneZone("network-private"))
	breaks(t, "N7", "network-vpc", inOneZone("network-public"))
	breaks(t, "N7", "network-private-a", remove(route, "network-private"))
	breaks(t, "N7", "network-private-b", remove(route, "network-private-b"))
	breaks(t, "N7", "network-private-b", set(route, "network-private-b", "destinationCidrBlock", "192.0.2.0/24"))
	breaks(t, "N7", "network-private-b", set(route, "network-private-b", "natGatewayId", "NatGateway-network-nat-a"))
	breaks(t, "N7", "network-private-b", remove("aws:ec2/natGateway:NatGateway", "network-nat-b"))
	breaks(t, "N7", "network-private-b", func(environment *controls.Environment) {
		set(subnet, "network-private-b", "tags", map[string]any{})(environment)
		set(route, "network-private-b", "natGatewayId", "NatGateway-network-nat-a")(environment)
	})
}

func TestN8(t *testing.T) {
	t.Parallel()

	public := map[string]any{"kubernetes.io/role/elb": "1"}
	internal := map[string]any{"kubernetes.io/role/internal-elb": "1"}
	both := map[string]any{"kubernetes.io/role/elb": "1", "kubernetes.io/role/internal-elb": "1"}

	holds(t, "N8")
	breaks(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", map[string]any{}))
	breaks(t, "N8", "network-private-a", set(subnet, "network-private-a", "tags", map[string]any{}))
	breaks(t, "N8", "network-private-a", set(subnet, "network-private-a", "tags", public))
	breaks(t, "N8", "network-data-a", set(subnet, "network-data-a", "tags", public))
	breaks(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", internal))
	breaks(t, "N8", "network-public-a", set(subnet, "network-public-a", "tags", both))
	breaks(t, "N8", "network-vpc", remove(subnet, "network-private"))
}

func TestN9(t *testing.T) {
	t.Parallel()

	const vpc = "aws:ec2/vpc:Vpc"

	holds(t, "N9")
	breaks(t, "N9", "network-data-a", set(subnet, "network-data-a", "cidrBlock", "10.20.0.0/24"))
	breaks(t, "N9", "network-data-a", set(subnet, "network-data-a", "cidrBlock", "10.99.0.0/22"))
	breaks(t, "N9", "network-data-a", set(vpc, "network-vpc", "cidrBlock", "10.20.0.0/20"))
	breaks(t, "N9", "network-vpc", set(vpc, "network-vpc", "cidrBlock", "10.10.0.0/16"))

	environment := golden(t, "staging")
	set(vpc, "network-vpc", "cidrBlock", "10.0.0.0/8")(&environment)
	assert.Equal(t, "network-vpc: it overlaps network-vpc of sandbox", finding(t, environment, "N9").Reason)
}

func TestA3(t *testing.T) {
	t.Parallel()

	const key, name = "aws:kms/key:Key", "encryption-key"

	holds(t, "A3")
	breaks(t, "A3", name, set(key, name, "enableKeyRotation", false))

	with := func(statements ...string) func(*controls.Environment) {
		return set(key, name, "policy", `{"Statement":[`+strings.Join(statements, ",")+`]}`)
	}

	const (
		root   = `{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*"}`
		groups = `"arn:aws:logs:us-east-1:123456789012:log-group:staging-*"`
	)

	logs := func(patterns string) string {
		return `{"Effect":"Allow","Principal":{"Service":"logs.us-east-1.amazonaws.com"},"Action":["kms:Encrypt"],` +
			`"Condition":{"ArnLike":{"kms:EncryptionContext:aws:logs:arn":` + patterns + `}}}`
	}
	bound := logs(groups)
	everyone := func(effect string) string { return `{"Effect":"` + effect + `","Principal":"*","Action":"kms:*"}` }
	denied := func(allowed string) string { return strings.Replace(allowed, "Allow", "Deny", 1) }

	passes := map[string]func(*controls.Environment){
		"texts":           with(root, bound),
		"lists":           with(strings.Replace(root, `"kms:*"`, `["kms:*"]`, 1), logs("["+groups+"]")),
		"everyone denied": with(root, bound, everyone("Deny")),
		"root denied too": with(root, bound, denied(root)),
	}
	for what, mutate := range passes {
		environment := golden(t, "staging")
		mutate(&environment)
		assert.Equal(t, controls.Pass, finding(t, environment, "A3").Result, what)
	}

	breaks(t, "A3", name, set(key, name, "policy", ""))
	breaks(t, "A3", name, with(bound))
	breaks(t, "A3", name, with(denied(root), bound))
	breaks(t, "A3", name, with(strings.Replace(root, "kms:*", "kms:Decrypt", 1), bound))
	breaks(t, "A3", name, with(strings.Replace(root, ":root", ":user/root", 1), bound))
	breaks(t, "A3", name, with(root, bound, everyone("Allow")))
	breaks(t, "A3", name, with(root))
	breaks(t, "A3", name, with(root, denied(bound)))

	for _, patterns := range []string{
		`[]`, `"*"`, `"arn:aws:logs:*"`, `"arn:aws:logs:us-east-1:*:log-group:staging-*"`,
		`"arn:aws:logs:us-east-1:123456789012:*"`, `"arn:aws:logs:us-east-1:123456789012:log-group:*"`,
		`[` + groups + `,"*"]`,
	} {
		breaks(t, "A3", name, with(root, logs(patterns)))
	}
}
