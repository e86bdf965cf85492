package aws

import (
	"slices"
	"strings"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	typeLoadBalancer = "aws:lb/loadBalancer:LoadBalancer"
	typeTargetGroup  = "aws:lb/targetGroup:TargetGroup"
	typeListener     = "aws:lb/listener:Listener"
	protocolTLS      = "TLS"
	// balancerDigits is how many digits end the ARNs of Elastic Load Balancing.
	balancerDigits = 16
)

func loadBalancingRules() map[string]rules {
	return map[string]rules{
		typeLoadBalancer: {
			outputs: makers{
				"dnsName": func(c *call) any {
					return c.Fill("{name}-" + c.Resource.ID[len(c.Resource.ID)-balancerDigits:] + ".elb.{region}.{domain}")
				},
				"vpcId":     func(c *call) any { return get(c, typeSubnet, "subnets").Text("vpcId") },
				"arnSuffix": arnSuffix(":loadbalancer/"),
				"zoneId":    func(c *call) any { return hostedZone("nlb " + c.Place.Region) },
			},
			checks: []check{checkBalancerSubnets, checkBalancerNetwork},
		},
		typeTargetGroup: {outputs: makers{"arnSuffix": arnSuffix(":")}},
		typeListener: {
			id: func(c *call) string {
				return strings.Replace(c.Text("loadBalancerArn"), ":loadbalancer/", ":listener/", 1) + c.Fill("/{hex 16}")
			},
			outputs: makers{"sslPolicy": defaultSecurityPolicy, "tcpIdleTimeoutSeconds": idleTimeout},
			local:   []behaviour.Local{{Reads: []string{"certificateArn"}, Check: checkCertificate}},
			checks:  []check{checkSecurityPolicy},
		},
	}
}

// arnSuffix is the part of the ARN by which CloudWatch names a resource: behind the last separator.
func arnSuffix(separator string) func(*call) any {
	return func(c *call) any { return c.Resource.ID[strings.LastIndex(c.Resource.ID, separator)+len(separator):] }
}

// checkBalancerSubnets requires one subnet for each zone, and later the same ones.
func checkBalancerSubnets(c *call) error {
	ids := c.Texts("subnets")
	if len(subnetZones(c, ids)) < len(ids) {
		return refuse("InvalidConfigurationRequest",
			"A load balancer cannot be attached to multiple subnets in the same Availability Zone")
	}

	old, _ := before(c)
	for _, id := range old.Texts("subnets") {
		if !slices.Contains(ids, id) {
			return refuse("InvalidConfigurationRequest", "Subnet removal is not supported for Network Load Balancers. You "+
				"must specify all existing subnets along with any new ones: %s", id)
		}
	}

	return nil
}

// checkBalancerNetwork requires a VPC with a gateway to the internet, which reveals a missing DependsOn.
func checkBalancerNetwork(c *call) error {
	if network := get(c, typeSubnet, "subnets").Text("vpcId"); !hasInternetGateway(c, network) {
		return refuse("InvalidSubnet", "VPC %s has no internet gateway", network)
	}

	return nil
}

// defaultSecurityPolicy is the service's own choice, of TLS alone. Where the program names none later, the provider
// sends what the listener had again, whatever the protocol is by then.
func defaultSecurityPolicy(c *call) any {
	if c.Text("protocol") == protocolTLS {
		return "ELBSecurityPolicy-2016-08"
	}

	return nil
}

func idleTimeout(c *call) any {
	if c.Text("protocol") == protocolTLS {
		return nil
	}

	return 350
}

// checkCertificate requires a certificate of the region. Certificates are not simulated: any of the region exists.
func checkCertificate(c *call) error {
	arn := c.Text("certificateArn")
	if arn != "" && !strings.HasPrefix(arn, c.Fill("arn:{partition}:acm:{region}:")) {
		return refuse("CertificateNotFound", "Certificate '%s' not found", arn)
	}

	return nil
}

// checkSecurityPolicy allows policies of TLS for TLS alone, also one that the listener has had.
func checkSecurityPolicy(c *call) error {
	if protocol := c.Text("protocol"); c.Text("sslPolicy") != "" && protocol != protocolTLS {
		return refuse("ValidationError", "sslPolicy cannot be specified for %s listeners", protocol)
	}

	return nil
}
