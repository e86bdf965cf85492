package aws_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestListener(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	front, web := b.balancer(nil), b.targets(nil)
	made := b.aws.Create(listenerType, "web", listens(front, web, nil))
	assert.Regexp(t, `^`+strings.Replace(front.ID, ":loadbalancer/", ":listener/", 1)+`/[0-9a-f]{16}$`, made.ID)
	assert.Equal(t, made.ID, made.Text("arn"))
	assert.InDelta(t, 350, made.Outputs["tcpIdleTimeoutSeconds"].NumberValue(), 0)
	assert.Empty(t, made.Text("sslPolicy"))

	require.ErrorContains(t, b.aws.Delete(web), "ResourceInUse: Target group '"+web.ID+"' is currently in use")
	require.NoError(t, b.aws.Delete(front))
	assert.Empty(t, b.Of(listenerType), "a load balancer takes its listeners along")
	require.NoError(t, b.aws.Delete(web))
	require.NoError(t, b.aws.Delete(made), "it is gone")
}

func TestAListenersPort(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	front, web := b.balancer(nil), b.targets(nil)
	made := b.aws.Create(listenerType, "web", listens(front, web, nil))
	with := func(change in) in { return listens(front, web, changed(in{"port": 81}, change)) }
	refuses(t, b.aws, listenerType, complete(with, map[string]in{
		"DuplicateListener: A listener already exists on this port": {"port": 80},
		"ValidationError: A protocol and a port must":               {"protocol": ""},
		"ValidationError: Listener protocol 'HTTP' must be one of":  {"protocol": "HTTP"},
		"LoadBalancerNotFound":                                      {"loadBalancerArn": "arn:none"},
		"TargetGroupNotFound":                                       {"defaultActions": forward("arn:none")},
		"ValidationError: A target group ARN must be":               {"defaultActions": []any{in{"type": "forward"}}},
		"InvalidLoadBalancerAction: Action type 'redirect'":         {"defaultActions": []any{in{"type": "redirect"}}},
	}))
	acceptsEach(t, b.aws, listenerType, complete(with, map[string]in{
		"another port": nil, "patience": {"tcpIdleTimeoutSeconds": 6000},
		"several": {"defaultActions": []any{in{"type": "forward", "forward": in{"targetGroups": []any{in{"arn": web.ID}}}}}},
	}))
	declines(t, b.aws, listenerType, complete(with, map[string]in{
		"expected port to be a valid port number": {"port": 65536},
		"expected tcp_idle_timeout_seconds":       {"tcpIdleTimeoutSeconds": 59},
	}))

	assert.Equal(t, []string{"loadBalancerArn"}, b.aws.Diff(made, listens(front, web, in{
		"loadBalancerArn": "arn:other", "port": 443, "protocol": "TLS",
	})).GetReplaces())
	b.aws.Update(made, with(nil))
}

func TestAListenersCertificate(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	front, web := b.balancer(nil), b.targets(nil)
	with := func(change in) in {
		return listens(front, web, changed(in{"protocol": "TLS", "certificateArn": certificate}, change))
	}
	plain := func(change in) in { return listens(front, web, change) }
	server := "arn:aws:iam::123456789012:server-certificate/web"
	elsewhere := strings.Replace(certificate, "us-east-1", "us-west-2", 1)

	refuses(t, b.aws, listenerType, complete(with, map[string]in{
		"ValidationError: A certificate must be specified for TLS":    {"certificateArn": ""},
		"CertificateNotFound: Certificate '" + elsewhere:              {"certificateArn": elsewhere},
		"CertificateNotFound: Certificate 'arn:aws:iam":               {"certificateArn": server},
		"CertificateNotFound: Certificate '" + certificate[:60] + "'": {"certificateArn": certificate[:60]},
		"SSLPolicyNotFound": {"sslPolicy": "ELBSecurityPolicy-TLS-9"},
		"ALPNPolicyNotSupported: ALPN policy 'HTTP3' is not": {"alpnPolicy": "HTTP3"},
	}))
	refuses(t, b.aws, listenerType, complete(plain, map[string]in{
		"ValidationError: A certificate cannot be specified for TCP":  {"certificateArn": certificate},
		"ValidationError: An SSL policy cannot be specified for TCP":  {"sslPolicy": "ELBSecurityPolicy-2016-08"},
		"ValidationError: An ALPN policy cannot be specified for TCP": {"alpnPolicy": "None"},
	}))
	acceptsEach(t, b.aws, listenerType, complete(with, map[string]in{
		"TLS": nil, "TLS 1.3": {"sslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"},
		"HTTP/2": {"alpnPolicy": "HTTP2Preferred"},
	}))

	made := b.aws.Create(listenerType, "web", plain(nil))
	assert.Empty(t, b.aws.Diff(made, with(nil)).GetReplaces(), "TLS comes in place")
	made = b.aws.Update(made, with(nil))
	assert.Equal(t, "ELBSecurityPolicy-2016-08", made.Text("sslPolicy"))
	made = b.aws.Update(made, with(in{"certificateArn": certificate[:len(certificate)-1] + "3"}))
	assert.Equal(t, "ELBSecurityPolicy-2016-08", made.Text("sslPolicy"), "what is not said stays")

	_, err := b.aws.TryUpdate(made, plain(nil))
	require.ErrorContains(t, err, "api error ValidationError: An SSL policy cannot be specified for TCP listeners")
}

func TestAListenersTargets(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	front, back := b.balancer(nil), b.balancer(in{"name": "back"})
	web := b.targets(nil)
	b.aws.Create(listenerType, "web", listens(front, web, nil))

	other := b.aws.Create(vpcType, "other", in{"cidrBlock": "10.1.0.0/16"})
	far := b.targets(in{"name": "far", "vpcId": other.ID})
	tls, udp := b.targets(in{"name": "tls", "protocol": "TLS"}), b.targets(in{"name": "udp", "protocol": "UDP"})
	both, http := b.targets(in{"name": "both", "protocol": "TCP_UDP"}), b.targets(in{"name": "http", "protocol": "HTTP"})

	secured := in{"protocol": "TLS", "certificateArn": certificate, "port": 443}
	on := func(port int, protocol string) in { return in{"port": port, "protocol": protocol} }
	refuses(t, b.aws, listenerType, map[string]in{
		"TargetGroupAssociationLimit: The following target groups":  listens(back, web, nil),
		"InvalidConfigurationRequest: The target group '" + far.ID:  listens(back, far, nil),
		"IncompatibleProtocols: The protocol 'TLS' of target group": listens(back, tls, nil),
		"IncompatibleProtocols: The protocol 'HTTP' of target":      listens(back, http, nil),
		"IncompatibleProtocols: The protocol 'UDP' of target grou":  listens(back, udp, secured),
		"IncompatibleProtocols: The protocol 'TCP' of target":       listens(front, web, on(53, "UDP")),
	})
	accepts(t, b.aws, listenerType, map[string]in{
		"the same targets again": listens(front, web, in{"port": 81}),
		"TLS to TCP":             listens(front, web, secured),
		"TLS to TLS":             listens(back, tls, secured),
		"TCP to both":            listens(back, both, on(53, "TCP")),
		"UDP to both":            listens(back, both, on(54, "UDP")),
		"both to both":           listens(back, both, on(55, "TCP_UDP")),
	})
}

func TestTargetGroup(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	made := b.targets(nil)
	assert.Regexp(t, `^arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/[0-9a-f]{16}$`, made.ID)
	outputs(t, made, map[string]string{
		"arn": made.ID, "arnSuffix": "targetgroup/web/[0-9a-f]{16}", "targetType": "instance",
		"preserveClientIp": "true", "name": "web",
	})
	assert.Equal(t, in{
		"enabled": true, "interval": 30.0, "port": "traffic-port", "protocol": "TCP", "timeout": 10.0,
		"healthyThreshold": 5.0, "unhealthyThreshold": 2.0,
	}, inside(made, "healthCheck"))

	addresses := b.targets(in{"name": "ip", "targetType": "ip", "healthCheck": in{"interval": 10}})
	assert.Equal(t, "false", addresses.Text("preserveClientIp"))
	assert.Equal(t, in{
		"enabled": true, "interval": 10.0, "port": "traffic-port", "protocol": "HTTP", "timeout": 6.0,
		"healthyThreshold": 3.0, "unhealthyThreshold": 3.0,
	}, inside(addresses, "healthCheck"), "the provider's own, where the program says anything")

	prefixed := b.aws.Create(targetsType, "p", in{
		"namePrefix": "web-", "vpcId": b.vpc.ID, "protocol": "TCP", "port": 1,
	})
	assert.Regexp(t, `^web-[0-9a-f]{26}$`, prefixed.Text("name"))
}

func TestWhatATargetGroupIs(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	made := b.targets(nil)
	with := func(change in) in { return b.targetInputs(changed(in{"name": "x"}, change)) }
	refuses(t, b.aws, targetsType, complete(with, map[string]in{
		"DuplicateTargetGroupName: A target group with the same name 'web'": {"name": "web"},
		"ValidationError: The target group name 'a_b' can only":             {"name": "a_b"},
		"ValidationError: The VPC ID 'vpc-" + absent:                        {"vpcId": "vpc-" + absent},
		"ValidationError: Protocol 'SCTP' must be one of":                   {"protocol": "SCTP"},
		"ValidationError: Health check interval must be": {
			"healthCheck": in{"interval": 10, "timeout": 11, "protocol": "TCP"},
		},
	}))
	acceptsEach(t, b.aws, targetsType, complete(with, map[string]in{
		"checks that meet": {"healthCheck": in{"interval": 10, "timeout": 10, "protocol": "TCP", "healthyThreshold": 2}},
		"a quick farewell": {"deregistrationDelay": 0}, "whose it is": {"preserveClientIp": "false", "proxyProtocolV2": true},
	}))
	declines(t, b.aws, targetsType, complete(with, map[string]in{
		"vpc_id should be set":                   {"vpcId": ""},
		"expected port to be in the range":       {"port": 0},
		"of type lambda are not simulated":       {"targetType": "lambda"},
		"expected deregistration_delay":          {"deregistrationDelay": 3601},
		"preserve_client_ip: cannot parse":       {"preserveClientIp": "maybe"},
		"expected health_check.0.interval":       {"healthCheck": in{"interval": 4}},
		"expected health_check.0.protocol to be": {"healthCheck": in{"protocol": "UDP"}},
	}))

	for want, change := range map[string]in{
		"port": {"port": 1}, "protocol": {"protocol": "TLS"}, "vpcId": {"vpcId": "vpc-1"}, "targetType": {"targetType": "ip"},
		"name": {"name": "other"},
	} {
		assert.Equal(t, []string{want}, b.aws.Diff(made, b.targetInputs(change)).GetReplaces())
	}

	changes := b.targetInputs(in{
		"proxyProtocolV2": true, "preserveClientIp": "false", "deregistrationDelay": 30, "connectionTermination": true,
		"healthCheck": in{"interval": 10, "protocol": "TCP"},
	})
	assert.Empty(t, b.aws.Diff(made, changes).GetReplaces())
	assert.InDelta(t, 3, inside(b.aws.Update(made, changes), "healthCheck")["healthyThreshold"], 0)
	require.NoError(t, b.aws.Delete(made))
}

func TestATargetGroupDoesNotKeepItsVPC(t *testing.T) {
	t.Parallel()

	b := newBalancers(t)
	other := b.aws.Create(vpcType, "other", in{"cidrBlock": "10.1.0.0/16"})
	made := b.targets(in{"vpcId": other.ID})
	require.NoError(t, b.aws.Delete(other))
	require.NoError(t, b.aws.Delete(made))
}
