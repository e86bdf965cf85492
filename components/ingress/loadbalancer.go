package ingress

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/msur/platform/internal/scope"
)

// port forwards one of Traefik's entry points: the load balancer listens on client, and every node on onNode.
type port struct {
	entryPoint     string
	client, onNode int
}

// ports are those of Traefik's entry points web and websecure. The nodes' ports are fixed, so that the load balancer
// does not depend on the cluster. They are in the range that Kubernetes assigns last (Kubernetes documentation, "Avoid
// collisions assigning ports to NodePort Services").
func ports() []port {
	return []port{
		{entryPoint: "web", client: 80, onNode: 30080},
		{entryPoint: "websecure", client: 443, onNode: 30443},
	}
}

// MaxEnvironment is the maximum length of an environment's name. The names of a load balancer and of a target group
// start with it, and have at most 32 characters (ELB API Reference, CreateLoadBalancer and CreateTargetGroup).
func MaxEnvironment() int {
	const maxName = 32

	names, longest := scope.Scope{Prefix: "-ingress"}, 0
	for _, port := range ports() {
		longest = max(longest, len(names.Physical(port.entryPoint)))
	}

	return maxName - longest
}

// securityPolicy has TLS 1.3 and 1.2 and no cipher without forward secrecy (Elastic Load Balancing, Network Load
// Balancers, "Security policies for your Network Load Balancer").
const securityPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"

// drainSeconds is how long a leaving node can complete its requests. AWS's default of 300 makes every update of the
// nodes minutes longer.
const drainSeconds = 30

// A node is healthy or unhealthy after two checks, ten seconds apart. AWS's defaults take a minute and a half to detect
// a lost node.
const checkSeconds, checks = 10, 2

// loadBalancer is a network load balancer: it keeps one address for each zone, and does not route requests.
func (b *builder) loadBalancer(group *ec2.SecurityGroup) (*lb.LoadBalancer, error) {
	const part = "balancer"

	return lb.NewLoadBalancer(b.Ctx, b.Logical(part), &lb.LoadBalancerArgs{
		Name:                         pulumi.String(b.Prefix), // see MaxEnvironment
		LoadBalancerType:             pulumi.String("network"),
		Internal:                     pulumi.Bool(false),
		Subnets:                      b.args.SubnetIDs,
		SecurityGroups:               pulumi.StringArray{group.ID()},
		EnableCrossZoneLoadBalancing: pulumi.Bool(true),
		Tags:                         b.Tags(part),
	}, b.Child())
}

// forward forwards a port of the load balancer to the nodes. Any node accepts traffic and passes it to a Traefik, which
// may run on another node. The proxy protocol preserves the client's address.
func (b *builder) forward(port port, balancer *lb.LoadBalancer) error {
	targets, err := lb.NewTargetGroup(b.Ctx, b.Logical(port.entryPoint), &lb.TargetGroupArgs{
		Name:                pulumi.String(b.Physical(port.entryPoint)), // see MaxEnvironment
		VpcId:               b.args.VPCID,
		TargetType:          pulumi.String("instance"),
		Protocol:            pulumi.String("TCP"),
		Port:                pulumi.Int(port.onNode),
		ProxyProtocolV2:     pulumi.Bool(true),
		PreserveClientIp:    pulumi.String("false"),
		DeregistrationDelay: pulumi.Int(drainSeconds),
		HealthCheck: lb.TargetGroupHealthCheckArgs{
			Protocol: pulumi.String("TCP"), Port: pulumi.String("traffic-port"),
			Interval: pulumi.Int(checkSeconds), HealthyThreshold: pulumi.Int(checks), UnhealthyThreshold: pulumi.Int(checks),
		},
		Tags: b.Tags(port.entryPoint),
	}, b.Child())
	if err != nil {
		return fmt.Errorf("target group %s: %w", port.entryPoint, err)
	}

	listener := b.listener(port)
	listener.LoadBalancerArn = balancer.Arn
	listener.DefaultActions = lb.ListenerDefaultActionArray{lb.ListenerDefaultActionArgs{
		Type: pulumi.String("forward"), TargetGroupArn: targets.Arn,
	}}

	_, err = lb.NewListener(b.Ctx, b.Logical(port.entryPoint), listener, b.Child(),
		pulumi.ReplaceOnChanges([]string{"protocol"}), pulumi.DeleteBeforeReplace(true))
	if err != nil {
		return fmt.Errorf("listener %s: %w", port.entryPoint, err)
	}

	return b.attach(port, targets)
}

// listener listens on a port, with TLS if there is a certificate for it. A change of the protocol replaces the
// listener: the provider would keep the security policy, which AWS refuses for TCP
// (hashicorp/terraform-provider-aws#7367). The old listener is deleted first, because a port has one listener.
func (b *builder) listener(port port) *lb.ListenerArgs {
	listener := &lb.ListenerArgs{
		Port: pulumi.Int(port.client), Protocol: pulumi.String("TCP"), Tags: b.Tags(port.entryPoint),
	}

	if port.entryPoint == "websecure" && b.args.CertificateARN != "" {
		listener.Protocol = pulumi.String("TLS")
		listener.CertificateArn = pulumi.String(b.args.CertificateARN)
		listener.SslPolicy = pulumi.String(securityPolicy)
		listener.AlpnPolicy = pulumi.String("HTTP2Preferred")
	}

	return listener
}

// attach puts the nodes of every scaling group behind a port, including nodes that start later.
func (b *builder) attach(port port, targets *lb.TargetGroup) error {
	for _, group := range slices.Sorted(maps.Keys(b.args.ScalingGroupNames)) {
		part := port.entryPoint + "-" + group

		_, err := autoscaling.NewAttachment(b.Ctx, b.Logical(part), &autoscaling.AttachmentArgs{
			AutoscalingGroupName: b.args.ScalingGroupNames[group],
			LbTargetGroupArn:     targets.Arn,
		}, b.Child())
		if err != nil {
			return fmt.Errorf("nodes %s behind %s: %w", group, port.entryPoint, err)
		}
	}

	return nil
}
