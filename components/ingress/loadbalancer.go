package ingress

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/autoscaling"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/lb"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// port is a way through: the one that clients use at the load balancer, and the one that every node hands to Traefik's
// entry point of the name.
type port struct {
	entryPoint     string
	client, onNode int
}

// web and websecure are Traefik's own names of its entry points. Ports of nodes are fixed, so that the load balancer
// knows them without asking the cluster; they are in the range that Kubernetes leaves to choice last (Kubernetes
// documentation, "Avoid collisions assigning ports to NodePort Services").
func ports() []port {
	return []port{
		{entryPoint: "web", client: 80, onNode: 30080},
		{entryPoint: "websecure", client: 443, onNode: 30443},
	}
}

// securityPolicy has TLS 1.3 and 1.2 and no cipher without forward secrecy (Elastic Load Balancing, Network Load
// Balancers, "Security policies for your Network Load Balancer").
const securityPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"

// drainSeconds is how long a node that leaves may finish what it has begun; AWS's own 300 make every update of the
// nodes minutes longer.
const drainSeconds = 30

// A node is in or out after two checks, ten seconds apart: AWS's own defaults take a minute and a half to see that a
// node is gone.
const checkSeconds, checks = 10, 2

// loadBalancer is a network one: it keeps one address for each zone, and takes no part in routing.
func (b *builder) loadBalancer(group *ec2.SecurityGroup) (*lb.LoadBalancer, error) {
	const part = "balancer"

	balancer, err := lb.NewLoadBalancer(b.Ctx, b.Logical(part), &lb.LoadBalancerArgs{
		Name:                         pulumi.String(b.Prefix), // 32 characters at most
		LoadBalancerType:             pulumi.String("network"),
		Internal:                     pulumi.Bool(false),
		Subnets:                      b.args.SubnetIDs,
		SecurityGroups:               pulumi.StringArray{group.ID()},
		EnableCrossZoneLoadBalancing: pulumi.Bool(true),
		Tags:                         b.Tags(part),
	}, b.Child())
	if err != nil {
		return nil, fmt.Errorf("load balancer: %w", err)
	}

	return balancer, nil
}

// forward hands a port of the load balancer to the nodes. Any node will do, for each passes on to a Traefik wherever
// that runs; so the client's address would be lost, and the proxy protocol tells it.
func (b *builder) forward(port port, balancer *lb.LoadBalancer) error {
	targets, err := lb.NewTargetGroup(b.Ctx, b.Logical(port.entryPoint), &lb.TargetGroupArgs{
		Name:                pulumi.String(b.Physical(port.entryPoint)), // 32 characters at most
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

// listener is how a port is listened at: with TLS where there is a certificate for it. With another protocol it is made
// anew: the provider forgets no security policy that it once had, and a listener of TCP is refused with one (hashicorp/
// terraform-provider-aws#7367). The old one goes first, for a port has one listener.
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

// attach puts the nodes of every scaling group behind a port, those too that are started later.
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
