package aws_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/rehearsal/simulation/enginetest"
)

const (
	balancerType   = "aws:lb/loadBalancer:LoadBalancer"
	targetsType    = "aws:lb/targetGroup:TargetGroup"
	listenerType   = "aws:lb/listener:Listener"
	attachmentType = "aws:autoscaling/attachment:Attachment"
	certificate    = "arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012"
)

// balancers is a site with the inputs of its load balancer.
type balancers struct {
	*site
}

func newBalancers(t *testing.T) *balancers {
	t.Helper()

	return &balancers{site: newSite(t)}
}

// inputs are those of a load balancer named front, with changes.
func (b *balancers) inputs(change in) in {
	return changed(in{
		"name": "front", "loadBalancerType": "network", "internal": false, "subnets": []any{b.subnet.ID, b.second.ID},
		"securityGroups": []any{b.group.ID},
	}, change)
}

func (b *balancers) balancer() enginetest.Made {
	return b.aws.Create(balancerType, "front", b.inputs(nil))
}

// targetInputs are those of a target group named web, with changes.
func (b *balancers) targetInputs(change in) in {
	return changed(in{"name": "web", "vpcId": b.vpc.ID, "protocol": "TCP", "port": 30080}, change)
}

func (b *balancers) targets() enginetest.Made {
	return b.aws.Create(targetsType, "web", b.targetInputs(nil))
}

// listens are the inputs of a listener of TCP, with changes.
func listens(balancer, targets enginetest.Made, change in) in {
	return changed(in{
		"loadBalancerArn": balancer.ID, "port": 80, "protocol": "TCP",
		"defaultActions": []any{in{"type": "forward", "targetGroupArn": targets.ID}},
	}, change)
}

func TestLoadBalancer(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	made := b.balancer()
	assert.Regexp(t, `^arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/net/front/[0-9a-f]{16}$`, made.ID)

	digits := made.ID[len(made.ID)-16:]
	outputs(t, made, map[string]string{
		"vpcId":   b.vpc.ID,
		"dnsName": "front-" + digits + `\.elb\.us-east-1\.amazonaws\.com`,
	})
	assert.True(t, b.aws.Preview(balancerType, "x", b.inputs(nil)).Outputs["dnsName"].IsComputed())

	prefixed := b.aws.Create(balancerType, "prefixed", b.inputs(in{"name": nil, "namePrefix": "front-"}))
	assert.Regexp(t, `^front-[0-9a-f]{26}$`, prefixed.Text("name"))

	difference := b.aws.Diff(made, b.inputs(in{"internal": true}))
	assert.Equal(t, []string{"internal"}, difference.GetReplaces())
	assert.True(t, difference.GetDeleteBeforeReplace(), "the name is taken")
}

func TestLoadBalancerSubnets(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	beside := b.privateSubnet("beside", "10.0.3.0/24", "us-east-1b")
	third := b.privateSubnet("third", "10.0.4.0/24", "us-east-1c")
	closed := b.aws.Create(vpcType, "closed", in{"cidrBlock": "10.1.0.0/16"})
	far := b.aws.Create(subnetType, "far", in{"vpcId": closed.ID, "cidrBlock": "10.1.0.0/24"})
	on := func(subnets ...any) in { return in{"subnets": subnets} }

	refuses(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		"InvalidConfigurationRequest: A load balancer cannot be attached": on(b.subnet.ID, beside.ID),
		"SubnetNotFound": on("subnet-" + absent),
		"InvalidSubnet: VPC " + closed.ID + " has no internet gateway": changed(on(far.ID), in{"securityGroups": nil}),
		"InvalidSecurityGroup":    {"securityGroups": []any{"sg-" + absent}},
		"name: got a.b":           {"name": "a.b"},
		"name: got aaaaaaaaaaaaa": {"name": strings.Repeat("a", 33)},
	}))
	declines(t, b.aws, balancerType, complete(b.inputs, map[string]in{
		"loadBalancerType: got nothing":             {"loadBalancerType": nil},
		"loadBalancerType gateway is not simulated": {"loadBalancerType": "gateway"},
		"internal true is not simulated":            {"internal": true},
		"subnets: got nothing":                      {"subnets": nil},
	}))

	made := b.balancer()
	refuses(t, b.aws, balancerType, map[string]in{
		"DuplicateLoadBalancerName: A load balancer with the same name 'front'": b.inputs(nil),
	})

	more := b.inputs(on(b.subnet.ID, b.second.ID, third.ID))
	assert.Empty(t, b.aws.Diff(made, more).GetReplaces(), "added in place")
	assert.Empty(t, b.aws.Diff(made, b.inputs(on(b.second.ID, b.subnet.ID))).GetDiffs(), "the order is ignored")
	made = b.aws.Update(made, more)
	assert.Equal(t, []string{"subnets"}, b.aws.Diff(made, b.inputs(nil)).GetReplaces())
	assert.Empty(t, b.aws.Diff(made, b.inputs(on(b.subnet.ID, enginetest.Unknown()))).GetReplaces(), "not known yet")
	updates(t, b.aws, made, "InvalidConfigurationRequest: Subnet removal is not supported", b.inputs(nil))
}

func TestLoadBalancersProtectTheirNetwork(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	for _, gone := range []enginetest.Made{b.route, b.association, b.nat} {
		require.NoError(t, b.aws.Delete(gone))
	}

	made := b.balancer()
	for _, held := range []enginetest.Made{b.subnet, b.second, b.group, b.gateway} {
		require.ErrorContains(t, b.aws.Delete(held), "DependencyViolation")
	}

	require.NoError(t, b.aws.Delete(made))

	for _, free := range []enginetest.Made{b.gateway, b.second, b.group} {
		require.NoError(t, b.aws.Delete(free))
	}
}

func TestTargetGroup(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	made := b.targets()
	outputs(t, made, map[string]string{
		"arn":        `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/[0-9a-f]{16}`,
		"targetType": "instance",
	})
	refuses(t, b.aws, targetsType, complete(b.targetInputs, map[string]in{
		"DuplicateTargetGroupName: A target group with the same name 'web'": nil,
		"name: got a_b": {"name": "a_b"},
		"ValidationError: The VPC ID 'vpc-" + absent: {"name": "x", "vpcId": "vpc-" + absent},
	}))
	declines(t, b.aws, targetsType, complete(func(change in) in {
		return b.targetInputs(changed(in{"name": "x"}, change))
	}, map[string]in{
		"targetType lambda is not simulated":                {"targetType": "lambda"},
		"protocol UDP is not simulated":                     {"protocol": "UDP"},
		"port: got 0":                                       {"port": 0},
		"deregistrationDelay: got 3601, expected 0 to 3600": {"deregistrationDelay": 3601},
		"healthCheck.interval: got 4, expected 5 to 300":    {"healthCheck": in{"interval": 4}},
	}))

	changes := b.targetInputs(in{"proxyProtocolV2": true, "preserveClientIp": "false", "healthCheck": in{"interval": 10}})
	assert.Empty(t, b.aws.Diff(made, changes).GetReplaces())
	b.aws.Update(made, changes)
	require.NoError(t, b.aws.Delete(made))
}

func TestListener(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	balancer, targets := b.balancer(), b.targets()
	plain := func(change in) in { return listens(balancer, targets, change) }
	elsewhere := strings.Replace(certificate, "us-east-1", "eu-west-1", 1)
	secured := func(change in) in {
		return plain(changed(in{"protocol": "TLS", "port": 443, "certificateArn": certificate}, change))
	}

	made := b.aws.Create(listenerType, "web", plain(nil))
	assert.Regexp(t, "^"+strings.Replace(balancer.ID, ":loadbalancer/", ":listener/", 1)+"/[0-9a-f]{16}$", made.ID)
	refuses(t, b.aws, listenerType, complete(plain, map[string]in{
		"certificateArn: must not be set while protocol is TCP": {"port": 81, "certificateArn": certificate},
		"sslPolicy: must not be set while protocol is TCP":      {"port": 81, "sslPolicy": "ELBSecurityPolicy-FS"},
		"alpnPolicy: must not be set while protocol is TCP":     {"port": 81, "alpnPolicy": "None"},
		"TargetGroupNotFound": {
			"port": 81, "defaultActions": []any{in{"type": "forward", "targetGroupArn": noRole}},
		},
	}))
	refuses(t, b.aws, listenerType, complete(secured, map[string]in{
		"certificateArn: is required while protocol is TLS":           {"certificateArn": nil},
		"CertificateNotFound: Certificate 'arn:aws:acm:eu-west-1:":    {"certificateArn": elsewhere},
		"CertificateNotFound: Certificate '" + certificate[:60] + "'": {"certificateArn": certificate[:60]},
		"SSLPolicyNotFound: SSL policy 'ELBSecurityPolicy-TLS-9'":     {"sslPolicy": "ELBSecurityPolicy-TLS-9"},
		"alpnPolicy: got HTTP3, expected one o":                       {"alpnPolicy": "HTTP3"},
	}))
	declines(t, b.aws, listenerType, complete(plain, map[string]in{
		"protocol UDP is not simulated": {"protocol": "UDP"}, "port: got 0": {"port": 0},
	}))
	acceptsEach(t, b.aws, listenerType, complete(secured, map[string]in{
		"TLS 1.3": {"sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"}, "HTTP/2": {"alpnPolicy": "HTTP2Preferred"},
	}))

	made = b.aws.Update(made, secured(in{"port": 80}))
	assert.Equal(t, "ELBSecurityPolicy-2016-08", made.Text("sslPolicy"))
	updates(t, b.aws, made, "ValidationError: sslPolicy cannot be specified for TCP listeners", plain(nil))

	require.ErrorContains(t, b.aws.Delete(targets), "ResourceInUse")
	require.NoError(t, b.aws.Delete(balancer))
	assert.Empty(t, b.aws.Read(made).ID, "a load balancer is deleted with its listeners")
	require.NoError(t, b.aws.Delete(targets))
}
